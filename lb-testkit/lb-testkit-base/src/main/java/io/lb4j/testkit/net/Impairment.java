package io.lb4j.testkit.net;

import java.time.Duration;

/**
 * What a relay does to the bytes or datagrams that pass. Immutable: each setter returns a changed copy.
 *
 * <p>Defaults: nothing at all; seed 1. With one seed and one order of arrival, the same datagrams are lost, held back and
 * delayed by the same amounts.
 */
public final class Impairment {
    private static final Impairment NONE = new Impairment(
            new Timing(Duration.ZERO, Duration.ZERO, 0), new Odds(0, 0, Duration.ZERO), 1, Integer.MAX_VALUE);

    private final Timing timing;
    private final Odds odds;
    private final long seed;
    private final int mtu;

    private Impairment(Timing timing, Odds odds, long seed, int mtu) {
        this.timing = timing;
        this.odds = odds;
        this.seed = seed;
        this.mtu = mtu;
    }

    /**
     * A perfect network.
     *
     * @return the defaults
     */
    public static Impairment none() {
        return NONE;
    }

    /**
     * Default: none. How long everything takes, in each direction.
     *
     * @param value zero or more
     * @return a changed copy
     */
    public Impairment delay(Duration value) {
        return timed(new Timing(value, timing.jitter, timing.bytesPerSecond));
    }

    /**
     * Default: none. A random time on top of the delay, evenly spread. Over UDP it reorders; over TCP the order stays.
     *
     * @param most the longest
     * @return a changed copy
     */
    public Impairment jitter(Duration most) {
        return timed(new Timing(timing.delay, most, timing.bytesPerSecond));
    }

    /**
     * Default: unlimited. How much passes, in each direction; over TCP for each connection.
     *
     * @param bytesPerSecond more than zero
     * @return a changed copy
     * @throws IllegalArgumentException if {@code bytesPerSecond} is not positive
     */
    public Impairment bandwidth(long bytesPerSecond) {
        if (bytesPerSecond <= 0) {
            throw new IllegalArgumentException("bandwidth: " + bytesPerSecond + " bytes/s (expected: > 0)");
        }
        return timed(new Timing(timing.delay, timing.jitter, bytesPerSecond));
    }

    /**
     * Default: none; UDP only. The share of datagrams that vanish.
     *
     * @param share from 0 to 1
     * @return a changed copy
     * @throws IllegalArgumentException if the share is outside
     */
    public Impairment loss(double share) {
        return new Impairment(timing, new Odds(checked("loss", share), odds.reordered, odds.heldBack), seed, mtu);
    }

    /**
     * Default: none; UDP only. The share of datagrams that are held back, so that later ones overtake them.
     *
     * @param share from 0 to 1
     * @param by how long they are held back
     * @return a changed copy
     * @throws IllegalArgumentException if the share is outside
     */
    public Impairment reorder(double share, Duration by) {
        return new Impairment(timing, new Odds(odds.loss, checked("reorder", share), by), seed, mtu);
    }

    /**
     * Default: 1. Where the random numbers begin.
     *
     * @param value any number
     * @return a changed copy
     */
    public Impairment seed(long value) {
        return new Impairment(timing, odds, value, mtu);
    }

    /**
     * Default: none; UDP only. The largest datagram that passes: larger ones vanish, as on a path that is too narrow for them and says nothing.
     *
     * @param bytes of its payload, more than zero
     * @return a changed copy
     * @throws IllegalArgumentException if {@code bytes} is not positive
     */
    public Impairment mtu(int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("mtu: " + bytes + " bytes (expected: > 0)");
        }
        return new Impairment(timing, odds, seed, bytes);
    }

    Timing timing() {
        return timing;
    }

    Odds odds() {
        return odds;
    }

    int mtu() {
        return mtu;
    }

    long seed() {
        return seed;
    }

    private Impairment timed(Timing changed) {
        return new Impairment(changed, odds, seed, mtu);
    }

    private static double checked(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + ": " + share + " (expected: 0 … 1)");
        }
        return share;
    }

    /** The fate of datagrams, as shares from 0 to 1. */
    record Odds(double loss, double reordered, Duration heldBack) {}

    /** A zero for {@code bytesPerSecond} stands for no limit. */
    record Timing(Duration delay, Duration jitter, long bytesPerSecond) {
        /** How long so many bytes occupy the line. */
        long lineNanos(int bytes) {
            return bytesPerSecond == 0 ? 0 : (long) (bytes * 1e9 / bytesPerSecond);
        }
    }
}
