package io.lb4j.testkit.net;

import java.util.SplittableRandom;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/** One direction of a {@link UdpRelay}: decides over each datagram as it arrives, and lets it go at its time. */
final class UdpLine implements AutoCloseable {
    private final DelayQueue<Departure> departures = new DelayQueue<>();
    private final Thread thread;
    private final long number;
    private Impairment impairment = Impairment.none(); // guarded by this
    private SplittableRandom random; // guarded by this
    private boolean blackhole; // guarded by this
    private long freeNanos = System.nanoTime(); // guarded by this
    private long order; // guarded by this
    private long lost; // guarded by this

    UdpLine(String threadName, long number) {
        this.number = number;
        this.random = new SplittableRandom(impairment.seed() + number);
        this.thread = new Thread(this::depart, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    synchronized void impair(Impairment change) {
        impairment = change;
        random = new SplittableRandom(change.seed() + number);
    }

    synchronized void blackhole(boolean on) {
        blackhole = on;
    }

    synchronized long lost() {
        return lost;
    }

    synchronized void carry(int bytes, Runnable departure) {
        // All numbers are drawn for every datagram, so that one setting does not shift the fate of the next datagram.
        boolean falls = random.nextDouble() < impairment.odds().loss();
        boolean waits = random.nextDouble() < impairment.odds().reordered();
        double jitter = random.nextDouble();
        if (falls || blackhole || bytes > impairment.mtu()) {
            lost++;
            return;
        }
        Impairment.Timing timing = impairment.timing();
        freeNanos = Math.max(freeNanos, System.nanoTime()) + timing.lineNanos(bytes);
        long due = freeNanos
                + timing.delay().toNanos()
                + (long) (jitter * timing.jitter().toNanos())
                + (waits ? impairment.odds().heldBack().toNanos() : 0);
        departures.add(new Departure(due, order++, departure));
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void depart() {
        try {
            while (true) {
                departures.take().departure.run();
            }
        } catch (InterruptedException e) {
            // close() asks for it; what has not left is lost.
            return;
        }
    }

    private record Departure(long dueNanos, long order, Runnable departure) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Departure that = (Departure) other;
            int byTime = Long.compare(dueNanos, that.dueNanos);
            return byTime != 0 ? byTime : Long.compare(order, that.order);
        }
    }
}
