package io.lb4j.plugins.cache;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What time it is. Thread-safe.
 *
 * @param wall the time of day, to compare with dates that others wrote
 * @param ticks nanoseconds since some moment, to measure how long something has been here
 */
record CacheTime(InstantSource wall, LongSupplier ticks) {
    static CacheTime system() {
        return new CacheTime(InstantSource.system(), System::nanoTime);
    }

    long epochSeconds() {
        return wall.instant().getEpochSecond();
    }

    long nanos() {
        return ticks.getAsLong();
    }
}
