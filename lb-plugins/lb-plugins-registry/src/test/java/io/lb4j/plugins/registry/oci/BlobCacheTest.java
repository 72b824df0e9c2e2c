package io.lb4j.plugins.registry.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of what was pulled. */
final class BlobCacheTest {
    private static final ImageReference IMAGE = ImageReference.parse("oci://registry.example/x:1");

    @TempDir
    private Path folder;

    private BlobCache cache;

    @BeforeEach
    void open() throws IOException {
        cache = BlobCache.at(folder, 2500);
    }

    private static byte[] octets(int seed) {
        byte[] octets = new byte[1000];
        octets[0] = (byte) seed;
        return octets;
    }

    private Digest fill(int seed) throws IOException {
        byte[] octets = octets(seed);
        Digest digest = Digest.of(octets);
        cache.fill(digest, octets.length, target -> target.write(octets));
        return digest;
    }

    private Path file(Digest digest) {
        return folder.resolve("blobs/sha256").resolve(digest.hex());
    }

    private void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
    }

    @Test
    void whatHasNotBeenUsedForLongestGoes() throws IOException {
        Digest first = fill(1);
        Digest second = fill(2);
        age(file(first), Duration.ofHours(2));
        age(file(second), Duration.ofHours(3));
        assertThat(cache.read(second, 1000)).isPresent();

        Digest third = fill(3);
        assertThat(cache.read(first, 1000)).isEmpty();
        assertThat(cache.read(second, 1000)).contains(octets(2));
        assertThat(cache.read(third, 1000)).contains(octets(3));
    }

    @Test
    void aBlobThatIsDamagedIsTakenAway() throws IOException {
        Digest digest = fill(1);
        Files.write(file(digest), octets(2));

        assertThat(cache.read(digest, 1000)).isEmpty();
        assertThat(file(digest)).doesNotExist();
    }

    @Test
    void aBlobIsKeptOnlyIfItIsTheRightOne() {
        Digest digest = Digest.of(octets(1));

        assertThatThrownBy(() -> cache.fill(digest, 1000, target -> target.write(octets(2))))
                .hasMessageStartingWith("wrong_digest: ");
        assertThatThrownBy(() -> cache.fill(digest, 999, target -> target.write(octets(1))))
                .hasMessageStartingWith("wrong_digest: ");
        assertThatThrownBy(() -> cache.fill(digest, 1000, target -> {
                    target.write(octets(1), 0, 500);
                    throw new IOException("gone");
                }))
                .hasMessage("gone");
        assertThat(file(digest)).doesNotExist();
        assertThat(folder.resolve("incoming")).isEmptyDirectory();
    }

    @Test
    void whatAProcessThatWasKilledHasLeftBehindGoesInTime() throws IOException {
        Path old = Files.write(folder.resolve("incoming/old.part"), octets(1));
        Path fresh = Files.write(folder.resolve("incoming/fresh.part"), octets(1));
        age(old, Duration.ofDays(2));

        fill(1);
        assertThat(old).doesNotExist();
        assertThat(fresh).exists();
    }

    @Test
    void aTagMeansWhatItMeantLast() throws IOException {
        assertThat(cache.remembered(IMAGE)).isEmpty();
        cache.remember(IMAGE, Digest.of(octets(1)));
        cache.remember(IMAGE, Digest.of(octets(2)));

        assertThat(BlobCache.at(folder, 2500).remembered(IMAGE)).contains(Digest.of(octets(2)));
        assertThat(cache.remembered(IMAGE.withTag("2"))).isEmpty();
    }

    @Test
    void aTagThatIsDamagedMeansNothing() throws IOException {
        cache.remember(IMAGE, Digest.of(octets(1)));
        try (var files = Files.list(folder.resolve("tags"))) {
            Files.writeString(files.findFirst().orElseThrow(), "sha256:12");
        }

        assertThat(cache.remembered(IMAGE)).isEqualTo(Optional.empty());
    }

    @Test
    void aFolderThatCannotBeMadeIsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> BlobCache.at(file, 1)).isInstanceOf(IOException.class);
    }
}
