package io.lb4j.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example as a process of its own, ended as Ctrl-C and service managers end it. */
final class PlainMainTest {
    private static final int ENDED_BY_SIGTERM = 128 + 15;

    @Test
    void servesUntilItIsToldToEndAndSaysWhatItHasDone() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PlainMain.class.getName(),
                        "0")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            int port = port(output);
            assertThat(List.of(Ask.get(port, "/").body(), Ask.get(port, "/").body()))
                    .containsExactlyInAnyOrder("answered by one\n", "answered by two\n");

            process.toHandle().destroy(); // by SIGTERM; Process.destroy would close its output too

            assertThat(output.lines().collect(Collectors.toList())).contains("api has had 2 requests");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(ENDED_BY_SIGTERM);
        } finally {
            process.destroyForcibly();
        }
    }

    private static int port(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("serves http://localhost:")) {
                return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            }
        }
        throw new AssertionError("it has ended without a word of its port");
    }
}
