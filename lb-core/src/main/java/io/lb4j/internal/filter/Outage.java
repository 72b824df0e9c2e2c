package io.lb4j.internal.filter;

import java.util.function.LongSupplier;

/**
 * Whether a plugin is out, and why it came to that: too many failures within a window take it out for a time; when it is tried again, one
 * failure is enough until a window has passed without any. Thread-safe; asking costs one read while the plugin is in.
 */
final class Outage {
    private final LongSupplier clock;
    private volatile boolean out;
    private volatile PluginLimits limits;
    private long backNanos; // guarded by this, as all below
    private long windowStartNanos;
    private int failures;

    Outage(PluginLimits limits, LongSupplier clock) {
        this.limits = limits;
        this.clock = clock;
    }

    PluginLimits limits() {
        return limits;
    }

    void limits(PluginLimits newLimits) {
        limits = newLimits;
    }

    /** What a question or a failure has led to. */
    enum Turn {
        /** Everything is as it was, and the plugin takes part. */
        IN,
        /** Everything is as it was, and the plugin is out. */
        OUT,
        /** The plugin has just been taken out. */
        LEFT,
        /** The plugin has just been let in again. */
        CAME_BACK
    }

    /** Returns where the plugin stands: lets it in again when its time has come. */
    Turn ask() {
        if (!out) {
            return Turn.IN;
        }
        synchronized (this) {
            long now = clock.getAsLong();
            if (!out) {
                return Turn.IN;
            }
            if (now - backNanos < 0) {
                return Turn.OUT;
            }
            out = false;
            failures = limits.maxFailures() - 1;
            windowStartNanos = now;
            return Turn.CAME_BACK;
        }
    }

    /** Returns whether the plugin is out, and changes nothing. */
    synchronized boolean isOut() {
        return out && clock.getAsLong() - backNanos < 0;
    }

    /** Counts a failure. */
    synchronized Turn failed() {
        if (out) {
            return Turn.OUT;
        }
        long now = clock.getAsLong();
        if (now - windowStartNanos > limits.windowNanos()) {
            failures = 0;
        }
        if (failures == 0) {
            windowStartNanos = now;
        }
        failures++;
        return failures < limits.maxFailures() ? Turn.IN : takeOut();
    }

    /** Takes the plugin out whatever its count. */
    synchronized Turn takeOut() {
        if (out) {
            return Turn.OUT;
        }
        backNanos = clock.getAsLong() + limits.retryNanos();
        out = true;
        return Turn.LEFT;
    }
}
