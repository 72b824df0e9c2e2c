package io.lb4j.internal.observe;

import io.lb4j.stats.Distribution;
import io.lb4j.stats.LatencyStatistics;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A log-linear histogram of durations, as HdrHistogram has it: every power of two is cut into 32 equal parts, so that a value is known to
 * within 3.2 %. Memory is taken one power of two at a time, for a route that is hardly used has few.
 *
 * <p>Written by one thread at a time, read by any.
 */
final class Histogram {
    private static final int PARTS_SHIFT = 5;
    private static final int PARTS = 1 << PARTS_SHIFT;
    /** Durations below this many nanoseconds, as a power of two, are counted as this long. */
    private static final int MIN_SHIFT = 12;

    private static final int OCTAVES = 63 - MIN_SHIFT;

    private final AtomicReferenceArray<@Nullable AtomicLongArray> octaves = new AtomicReferenceArray<>(OCTAVES);
    private final AtomicLong sumNanos = new AtomicLong();
    private final AtomicLong maxNanos = new AtomicLong();

    void record(long nanos) {
        long value = Math.max(nanos, 1L << MIN_SHIFT);
        int octave = octaveOf(value);
        AtomicLongArray parts = octaves.getPlain(octave);
        if (parts == null) {
            parts = new AtomicLongArray(PARTS);
            octaves.setRelease(octave, parts);
        }
        int part = partOf(value, octave);
        parts.setOpaque(part, parts.getPlain(part) + 1);
        sumNanos.setOpaque(sumNanos.getPlain() + nanos);
        if (nanos > maxNanos.getPlain()) {
            maxNanos.setOpaque(nanos);
        }
    }

    private static int octaveOf(long value) {
        return 63 - Long.numberOfLeadingZeros(value) - MIN_SHIFT;
    }

    private static int partOf(long value, int octave) {
        return (int) (value >>> (octave + MIN_SHIFT - PARTS_SHIFT)) & (PARTS - 1);
    }

    /** Returns the greatest value that is counted in a part. */
    private static long upperBound(int octave, int part) {
        return ((long) (PARTS + part + 1) << (octave + MIN_SHIFT - PARTS_SHIFT)) - 1;
    }

    /** Adds up histograms of several writers. */
    static LatencyStatistics summarize(Iterable<Histogram> histograms) {
        long[] counts = new long[OCTAVES * PARTS];
        long total = 0;
        long sum = 0;
        long max = 0;
        for (Histogram histogram : histograms) {
            total += histogram.addTo(counts);
            sum += histogram.sumNanos.getOpaque();
            max = Math.max(max, histogram.maxNanos.getOpaque());
        }
        return total == 0
                ? LatencyStatistics.NONE
                : LatencyStatistics.of(distribution(counts, sum), Duration.ofNanos(max));
    }

    private long addTo(long[] counts) {
        long added = 0;
        for (int octave = 0; octave < OCTAVES; octave++) {
            AtomicLongArray parts = octaves.getAcquire(octave);
            for (int part = 0; parts != null && part < PARTS; part++) {
                long count = parts.getOpaque(part);
                counts[octave * PARTS + part] += count;
                added += count;
            }
        }
        return added;
    }

    /** Leaves out the parts that nothing is in, which are most of them. */
    private static Distribution distribution(long[] counts, long sumNanos) {
        int[] taken =
                IntStream.range(0, counts.length).filter(i -> counts[i] > 0).toArray();
        long[] bounds = Arrays.stream(taken)
                .mapToLong(i -> upperBound(i / PARTS, i % PARTS))
                .toArray();
        return Distribution.of(
                bounds, Arrays.stream(taken).mapToLong(i -> counts[i]).toArray(), sumNanos);
    }
}
