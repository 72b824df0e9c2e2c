package io.lb4j.it.streaming;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A {@link MeasuredBalancer} that runs beside the test. For one thread. */
final class BalancerProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final PrintStream asks;
    private final BufferedReader answers;
    private final int plainPort;
    private final int securedPort;

    /** Memory in octets: on the heap, outside of it, and both in one moment. */
    record Memory(long heap, long direct, long together) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "heap %.1f MiB, direct %.1f MiB, together %.1f MiB",
                    heap / 1048576.0,
                    direct / 1048576.0,
                    together / 1048576.0);
        }
    }

    private BalancerProcess(Process process) throws IOException {
        this.process = process;
        asks = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String[] ports = next("ports").split(" ", -1);
        plainPort = Integer.parseInt(ports[1]);
        securedPort = Integer.parseInt(ports[2]);
    }

    /**
     * Starts a process and waits until it serves.
     *
     * @param memory options of the JVM
     * @param origins are reached under their names, {@code /0} and so on
     */
    static BalancerProcess start(List<String> memory, Origin... origins) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(memory);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MeasuredBalancer.class.getName(), "1"));
        for (int i = 0; i < origins.length; i++) {
            command.add(i + "=" + origins[i].leg() + "=" + origins[i].port());
        }
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            return new BalancerProcess(started);
        } catch (IOException | RuntimeException e) {
            started.destroyForcibly();
            throw e;
        }
    }

    /** Returns the port that serves a leg. */
    int port(Leg leg) {
        return leg.isSecured() ? securedPort : plainPort;
    }

    /** Begins to watch for the peak; returns what is in use. */
    Memory begin() throws IOException {
        return ask("begin");
    }

    /** Returns the most that was in use at any moment since, garbage that waited for its collection included. */
    Memory peak() throws IOException {
        return ask("peak");
    }

    /** Returns what is in use once the garbage is gone. */
    Memory now() throws IOException {
        return ask("now");
    }

    private Memory ask(String what) throws IOException {
        asks.println(what);
        long[] figures = Stream.of(next("memory").split(" ", -1))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
        return new Memory(figures[0], figures[1], figures[2]);
    }

    /** Reads on to a line of its own; what comes before is from logs. */
    private String next(String word) throws IOException {
        StringBuilder others = new StringBuilder();
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(word + " ")) {
                return line;
            }
            others.append(line).append('\n');
        }
        throw new IOException("balancer: ended\n" + others);
    }

    @Override
    public void close() {
        asks.close(); // which ends it
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("balancer: still runs (expected: ended)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
