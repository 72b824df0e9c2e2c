package io.lb4j.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints from a file. */
final class FileDiscoveryTest {
    @TempDir
    Path folder;

    private Watched watched(Path file) {
        return Watched.by(FileEndpoints.in(file).interval(Duration.ofMillis(50)).provider());
    }

    private void replace(Path file, String content) throws IOException {
        Path next = Files.writeString(folder.resolve("next"), content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void followsTheFileAsItIsReplaced() throws IOException {
        Path file = Files.writeString(folder.resolve("api.json"), "[{\"host\":\"10.0.0.1\",\"port\":80}]");
        try (Watched watched = watched(file)) {
            watched.awaitAddresses("10.0.0.1:80");
            replace(file, "{\"endpoints\":[\"10.0.0.2:80\",\"10.0.0.3:80\",{\"host\":1}]}");
            watched.awaitAddresses("10.0.0.2:80", "10.0.0.3:80");
            assertThat(watched.source().skipped()).isEqualTo(1);
        }
    }

    @Test
    void aFileMayBeginWithTheMarkOfUtf8() throws IOException {
        Path json = Files.writeString(folder.resolve("api.json"), "\ufeff[\"10.0.0.1:80\"]");
        Path lines = Files.writeString(folder.resolve("api.txt"), "\ufeff10.0.0.2:80\n");
        try (Watched one = watched(json);
                Watched other = watched(lines)) {
            one.awaitAddresses("10.0.0.1:80");
            other.awaitAddresses("10.0.0.2:80");
        }
    }

    @Test
    void aFileThatIsGoneOrBrokenLeavesInForceWhatItSaid() throws IOException {
        Path file = Files.writeString(folder.resolve("api.json"), "[\"10.0.0.1:80\"]");
        try (Watched watched = watched(file)) {
            watched.awaitAddresses("10.0.0.1:80");
            Files.delete(file);
            watched.awaitStale();
            replace(file, "[\"10.0.0.2:80\"");
            watched.awaitStale();
            assertThat(watched.addresses()).containsExactly("10.0.0.1:80");
            replace(file, "[\"10.0.0.2:80\"]");
            watched.awaitAddresses("10.0.0.2:80");
        }
    }

    @Test
    void readsLinesToo() throws IOException {
        Path file = Files.writeString(folder.resolve("api.txt"), """
            [2001:db8::1]:80   # by IPv6
            10.0.0.1:80

            # nothing
            oops
            """);
        try (Watched watched = watched(file)) {
            watched.awaitAddresses("[2001:db8::1]:80", "10.0.0.1:80");
            assertThat(watched.source().skipped()).isEqualTo(1);
        }
    }
}
