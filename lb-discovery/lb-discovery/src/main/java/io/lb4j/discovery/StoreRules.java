package io.lb4j.discovery;

import java.time.Duration;

/** What every {@link io.lb4j.spi.SharedStore} asks of its callers. */
public final class StoreRules {
    private static final int MAX_VALUE = 512 * 1024;

    private StoreRules() {}

    /**
     * Returns a key.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public static String requireKey(String key) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key: \"\" (expected: a path)");
        }
        return key;
    }

    /**
     * Returns a value.
     *
     * @throws IllegalArgumentException if it has more than 512 KiB
     */
    public static byte[] requireValue(byte[] value) {
        if (value.length > MAX_VALUE) {
            throw new IllegalArgumentException("value: " + value.length + " octets (expected: <= " + MAX_VALUE + ")");
        }
        return value;
    }

    /**
     * Returns a time to live.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public static Duration requireTimeToLive(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time to live: " + time + " (expected: > 0)");
        }
        return time;
    }

    /** Returns a time in whole seconds, rounded up, and not less than a minimum: for registries that count so. */
    public static long seconds(Duration time, long minimum) {
        return Math.max(minimum, requireTimeToLive(time).plusNanos(999_999_999).toSeconds());
    }
}
