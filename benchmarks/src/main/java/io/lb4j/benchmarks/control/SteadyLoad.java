package io.lb4j.benchmarks.control;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Requests at a steady rate over a few connections: each is timed from when it was due, so that a pause counts for all that it held up. */
final class SteadyLoad {
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CONNECTIONS = 4;

    private final int port;
    private final int perSecond;

    /** Latencies in nanoseconds, ascending, and how many requests failed. */
    static final class Outcome {
        private final long[] nanos;
        private final int failures;

        Outcome(long[] nanos, int failures) {
            this.nanos = nanos.clone();
            this.failures = failures;
            Arrays.sort(this.nanos);
        }

        /** Puts together what several turns came to. */
        static Outcome of(List<Outcome> turns) {
            return new Outcome(
                    turns.stream()
                            .flatMapToLong(turn -> Arrays.stream(turn.nanos))
                            .toArray(),
                    turns.stream().mapToInt(Outcome::failures).sum());
        }

        double micros(double quantile) {
            return nanos.length == 0 ? 0 : nanos[(int) Math.min(nanos.length - 1, quantile * nanos.length)] / 1000.0;
        }

        int count() {
            return nanos.length;
        }

        int failures() {
            return failures;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d requests, %d failed, p50 %.0f us, p90 %.0f us, p99 %.0f us, p99.9 %.0f us",
                    count(),
                    failures,
                    micros(0.5),
                    micros(0.9),
                    micros(0.99),
                    micros(0.999));
        }
    }

    SteadyLoad(int port, int perSecond) {
        this.port = port;
        this.perSecond = perSecond;
    }

    Outcome run(Duration length) throws InterruptedException {
        int each = (int) (perSecond * length.toMillis() / 1000 / CONNECTIONS);
        long[][] nanos = new long[CONNECTIONS][each];
        int[] failures = new int[CONNECTIONS];
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int connection = i;
            Thread thread = new Thread(() -> failures[connection] = send(nanos[connection]), "load-" + i);
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return new Outcome(
                Arrays.stream(nanos).flatMapToLong(Arrays::stream).toArray(),
                Arrays.stream(failures).sum());
    }

    /** Returns how many failed. */
    private int send(long[] nanos) {
        int failed = 0;
        long interval = 1_000_000_000L * CONNECTIONS / perSecond;
        long due = System.nanoTime();
        byte[] answer = new byte[1024];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            OutputStream output = socket.getOutputStream();
            InputStream input = socket.getInputStream();
            for (int i = 0; i < nanos.length; i++) {
                due += interval;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                output.write(REQUEST);
                int read = input.read(answer);
                nanos[i] = System.nanoTime() - due;
                boolean isGood = read > 12 && new String(answer, 9, 3, StandardCharsets.US_ASCII).equals("200");
                failed += isGood ? 0 : 1;
            }
            return failed;
        } catch (IOException e) {
            return failed + 1;
        }
    }
}
