package io.lb4j.it.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
final class Command {
    private static final long LIMIT_SECONDS = 100;

    private Command() {}

    /** Runs a program that is to succeed; returns what it wrote, errors included. */
    static String run(String... command) {
        Ended ended = runAnyhow(LIMIT_SECONDS, command);
        assertThat(ended.code())
                .as(String.join(" ", command) + "\n" + ended.output())
                .isZero();
        return ended.output();
    }

    /** Runs a program, whatever becomes of it within some seconds. */
    static Ended runAnyhow(long seconds, String... command) {
        try {
            Path output = Files.createTempFile("lb4j-output", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                boolean isOver = process.waitFor(seconds, TimeUnit.SECONDS);
                process.destroyForcibly().waitFor();
                String text = Files.readString(output, StandardCharsets.ISO_8859_1);
                assertThat(isOver).as(command[0] + " ends in time:\n" + text).isTrue();
                return new Ended(process.exitValue(), text);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command[0], e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command[0] + " runs", e);
        }
    }

    /** How a program has ended. */
    record Ended(int code, String output) {}
}
