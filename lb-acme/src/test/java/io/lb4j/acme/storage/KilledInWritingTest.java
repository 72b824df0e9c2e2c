package io.lb4j.acme.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it writes leaves each value whole, and no lock. */
final class KilledInWritingTest {
    @TempDir
    Path folder;

    @Test
    void leavesTheStorageWholeAndFree() throws Exception {
        killAgainAndAgain(4);
    }

    @Test
    @Tag("full")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void leavesTheStorageWholeAndFreeTwoHundredTimes() throws Exception {
        killAgainAndAgain(200);
    }

    private void killAgainAndAgain(int times) throws Exception {
        AcmeStorage storage = AcmeStorages.files(folder);
        for (int i = 0; i < times; i++) {
            killInWriting(ThreadLocalRandom.current().nextInt(5, 30));
            for (String key : KilledWriter.KEYS) {
                assertThat(storage.read(key))
                        .hasValueSatisfying(value -> assertThat(KilledWriter.isWhole(value))
                                .as("%s is whole", key)
                                .isTrue());
            }
            assertThat(storage.keys("certificates/")).containsExactlyElementsOf(KilledWriter.KEYS);
            storage.tryLock("a.test", Duration.ofSeconds(30)).orElseThrow().close();
        }
        for (Path left : leftovers()) {
            Files.setLastModifiedTime(left, FileTime.from(Instant.now().minusSeconds(61)));
        }
        storage.write(KilledWriter.KEYS.get(0), KilledWriter.value(1));
        assertThat(leftovers()).as("what was cut off is swept up").isEmpty();
    }

    /** Lets a process write, and kills it somewhere after so many rounds. */
    private void killInWriting(int rounds) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < rounds; i++) {
                assertThat(output.readLine()).isEqualTo(Integer.toString(i));
            }
            writer.destroyForcibly();
            assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".new"))
                    .toList();
        }
    }
}
