package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An instance in a process of its own, which can be killed and stopped. Confined to one thread. */
final class InstanceProcess implements AutoCloseable {
    private static final int HEAD = 2; // words before the serials
    private static final long END_SECONDS = 60;

    private final Process process;
    private final BufferedReader answers;
    private final Writer requests;

    InstanceProcess(Site site, String etcd, List<String> names) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                FleetInstance.class.getName(),
                site.pebble.directory().toString(),
                site.trust().toString(),
                etcd));
        command.addAll(names);
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        requests = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** Returns the serial numbers of what it serves; waits until it has started. */
    List<String> serves() {
        try {
            requests.write("?\n");
            requests.flush();
            String line;
            do {
                line = answers.readLine();
                assertThat(line).as("an instance that lives").isNotNull();
            } while (!line.startsWith("serves ")); // its log goes before it
            String[] words = line.split(" ", -1);
            return Arrays.asList(words).subList(HEAD, words.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Lets it stand still, or go on. */
    void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            assertThat(kill.waitFor()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            assertThat(process.waitFor(END_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
