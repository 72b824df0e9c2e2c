package io.lb4j.acme.dns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Has a program put records: {@code program present|cleanup FQDN VALUE}, as lego calls its own, so that scripts for that work. Thread-safe.
 */
final class ExecProvider implements DnsProvider {
    private static final int SHOWN = 300;

    private final Path program;
    private final Duration patience;

    ExecProvider(Path program, Duration patience) {
        this.program = program;
        this.patience = patience;
    }

    @Override
    public void add(TxtRecord record) throws IOException, InterruptedException {
        run("present", record);
    }

    @Override
    public void remove(TxtRecord record) throws IOException, InterruptedException {
        run("cleanup", record);
    }

    private void run(String action, TxtRecord record) throws IOException, InterruptedException {
        Path output = Files.createTempFile("lb4j-acme", ".out");
        try {
            Process process = new ProcessBuilder(program.toString(), action, record.absoluteName(), record.value())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try {
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException(
                            program + " " + action + ": still running (expected: an end within " + patience + ")");
                }
            } finally {
                process.destroyForcibly();
            }
            if (process.exitValue() != 0) {
                String said = Files.readString(output, StandardCharsets.ISO_8859_1)
                        .strip()
                        .replaceAll("\\s+", " ");
                throw new IOException(program + " " + action + ": exit code " + process.exitValue() + " "
                        + said.substring(0, Math.min(SHOWN, said.length())) + " (expected: 0)");
            }
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
