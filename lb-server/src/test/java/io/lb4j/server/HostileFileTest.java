package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are made to harm their reader cost a message. */
final class HostileFileTest {
    @TempDir
    Path temporary;

    private ConfigFolder folder;

    @BeforeEach
    void openFolder() {
        folder = new ConfigFolder(temporary);
    }

    @Test
    void aliasesThatMultiplyEachOtherAreRefused() {
        StringBuilder bomb = new StringBuilder("x-0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("x-%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n"
                    .replace("*a%d", "*a" + (i - 1))
                    .formatted(i, i));
        }

        assertThat(folder.file("lb4j.yaml", bomb.toString()).faultsOf("lb4j.yaml"))
                .contains("more than 1000000 values (expected: at most 1000000, what aliases repeat included)");
    }

    @Test
    void mergesThatMultiplyEachOtherAreRefused() {
        StringBuilder bomb = new StringBuilder("x-0: &a0 {a: 1, b: 2}\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("x-%d: &a%d {<<: [*a%d, *a%d], k%d: *a%d}\n".formatted(i, i, i - 1, i - 1, i, i - 1));
        }

        assertThat(folder.file("lb4j.yaml", bomb.toString()).faultsOf("lb4j.yaml"))
                .contains("more than 1000000 values");
    }

    @Test
    void depthIsBounded() {
        assertThat(folder.file("lb4j.yaml", "a: " + "[".repeat(100_000)).faultsOf("lb4j.yaml"))
                .contains("more than 64 levels (expected: at most 64 levels)");
        assertThat(folder.file("lb4j.yaml", "? ".repeat(10_000) + "a").faultsOf("lb4j.yaml"))
                .contains("more than 64 levels");
    }

    @Test
    void sizeIsBounded() {
        byte[] large = new byte[(16 << 20) + 1];
        Arrays.fill(large, (byte) '#');

        assertThat(folder.file("lb4j.yaml", large).faultsOf("lb4j.yaml"))
                .isEqualTo("lb4j.yaml:1:1: more than 16 MiB (expected: at most 16 MiB)\n1 fault\n");
    }

    @Test
    void aSecretOfAnySizeIsRefused() {
        folder.file("secret", new byte[70_000]).file("lb4j.yaml", "listeners: {a: {port: \"${file:secret}\"}}");

        assertThat(folder.faultsOf("lb4j.yaml")).contains("${file:secret}: it is too large");
    }

    /** Whoever waits for somebody to write into it reads nothing else any more. */
    @Test
    @Timeout(60)
    void aPipeIsRefusedAndNotWaitedFor() throws IOException, InterruptedException {
        Process made =
                new ProcessBuilder("mkfifo", temporary.resolve("pipe.yaml").toString()).start();
        assertThat(made.waitFor()).isZero();

        assertThat(folder.faultsOf("pipe.yaml"))
                .isEqualTo("pipe.yaml:1:1: it is a pipe or a device (expected: a file that can be read)\n1 fault\n");
        assertThat(folder.file("lb4j.yaml", "listeners: {a: {port: \"${file:pipe.yaml}\"}}")
                        .faultsOf("lb4j.yaml"))
                .contains("${file:pipe.yaml}: it is a pipe or a device");
    }

    @Test
    void binaryJunkAlwaysEndsInAFault() {
        Random random = new Random(42);
        for (int i = 0; i < 300; i++) {
            byte[] junk = new byte[random.nextInt(200) + 1];
            random.nextBytes(junk);
            assertThat(folder.file("lb4j.yaml", junk).faultsOf("lb4j.yaml")).contains("fault");
        }
    }

    @Test
    void everyBeginningOfAFileEitherReadsOrEndsInAFault() {
        String whole = """
                listeners:
                  main: {port: 8080, host: "127.0.0.1"}
                x-a: &a {b: [1, 'two', "three"]}
                clusters: {api: {endpoints: ["${H:-10.0.0.1}:80"]}}
                routes:
                - path: /**
                  cluster: api
                """;
        for (int end = 0; end < whole.length(); end++) {
            String listed = folder.file("lb4j.yaml", whole.substring(0, end)).faultsOf("lb4j.yaml");
            assertThat(listed).matches("(?s)|.*faults?\n");
        }
        assertThat(folder.file("lb4j.yaml", whole).faultsOf("lb4j.yaml")).isEmpty();
    }
}
