package io.lb4j.testkit.net;

import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * One direction of a relayed connection. One thread reads and notes for each piece when it is due; another writes the
 * pieces at their times. The queue between them is the line: long enough for a delay, bounded for backpressure.
 */
final class TcpPump {
    private static final int PIECE_BYTES = 8 * 1024;
    private static final int LINE_PIECES = 256;
    private static final int END = -1;
    private static final int FAILED = -2;

    private final TcpRelay relay;
    private final Wire from;
    private final Wire to;
    private final SplittableRandom random;
    private final BlockingQueue<Piece> line = new LinkedBlockingQueue<>(LINE_PIECES);
    private final Thread reader;
    private final Thread writer;
    private volatile boolean abandoned;

    TcpPump(TcpRelay relay, Wire from, Wire to, long number) {
        this.relay = relay;
        this.from = from;
        this.to = to;
        this.random = new SplittableRandom(relay.impairment().seed() + number);
        this.reader = daemon("read-" + number, this::read);
        this.writer = daemon("write-" + number, this::write);
    }

    void start() {
        reader.start();
        writer.start();
    }

    void join() throws InterruptedException {
        writer.join();
    }

    /** Lets all that comes from now on get lost. */
    void abandon() {
        abandoned = true;
    }

    void interrupt() {
        reader.interrupt();
        writer.interrupt();
    }

    private void read() {
        long lastDue = Long.MIN_VALUE;
        try {
            Kind kind = Kind.BYTES;
            while (kind == Kind.BYTES) {
                byte[] bytes = new byte[PIECE_BYTES];
                int count = readSome(bytes);
                kind = count > 0 ? Kind.BYTES : count == END ? Kind.FIN : Kind.RESET;
                // TCP keeps the order, so jitter may stretch but not swap.
                long due = Math.max(lastDue, System.nanoTime() + delayNanos());
                line.put(new Piece(kind, Arrays.copyOf(bytes, Math.max(count, 0)), due));
                lastDue = due;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int readSome(byte[] target) {
        try {
            return from.input().read(target);
        } catch (IOException e) {
            // To this relay a failed read is what a reset is: the other side shall meet the same.
            return FAILED;
        }
    }

    private void write() {
        long free = System.nanoTime();
        try {
            for (Piece piece = line.take(); relay.awaitPassage(); piece = line.take()) {
                free = Math.max(free, System.nanoTime())
                        + relay.impairment().timing().lineNanos(piece.bytes.length);
                sleepUntil(Math.max(piece.dueNanos, free));
                if (!relay.awaitPassage() || !pass(piece)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Passes one piece on; false if it was the last. */
    private boolean pass(Piece piece) {
        if (abandoned) {
            return piece.kind == Kind.BYTES;
        }
        try {
            switch (piece.kind) {
                case BYTES -> to.output().write(piece.bytes);
                case FIN -> to.halfClose();
                case RESET -> to.abort();
            }
            return piece.kind == Kind.BYTES;
        } catch (IOException e) {
            abortBoth();
            return false;
        }
    }

    /** The receiver has gone: the sender learns it as it would without a relay. */
    private void abortBoth() {
        try {
            from.abort();
            to.abort();
        } catch (IOException e) {
            from.close();
            to.close();
        }
    }

    private long delayNanos() {
        Impairment.Timing timing = relay.impairment().timing();
        long jitter = timing.jitter().toNanos();
        return timing.delay().toNanos() + (jitter == 0 ? 0 : random.nextLong(jitter + 1));
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static Thread daemon(String role, Runnable work) {
        Thread thread = new Thread(work, "tcp-relay-" + role);
        thread.setDaemon(true);
        return thread;
    }

    private enum Kind {
        BYTES,
        FIN,
        RESET
    }

    private static final class Piece {
        private final Kind kind;
        private final byte[] bytes;
        private final long dueNanos;

        Piece(Kind kind, byte[] bytes, long dueNanos) {
            this.kind = kind;
            this.bytes = bytes;
            this.dueNanos = dueNanos;
        }
    }
}
