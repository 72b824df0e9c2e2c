package io.lb4j.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.stats.LatencyStatistics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private static final Percentage ERROR = Percentage.withPercentage(3.2);

    @Test
    void saysNothingBeforeAnythingWasMeasured() {
        assertThat(Histogram.summarize(List.of(new Histogram()))).isEqualTo(LatencyStatistics.NONE);
    }

    @Test
    void percentilesAreWithinItsErrorAndNeverTooLow() {
        Random random = new Random(11);
        long[] values = random.longs(100_000, 5_000, 30_000_000_000L).toArray();
        Histogram histogram = new Histogram();
        Arrays.stream(values).forEach(histogram::record);
        Arrays.sort(values);

        LatencyStatistics summary = Histogram.summarize(List.of(histogram));

        assertPercentile(summary.p50(), values, 0.5);
        assertPercentile(summary.p90(), values, 0.9);
        assertPercentile(summary.p99(), values, 0.99);
        assertPercentile(summary.p999(), values, 0.999);
        assertThat(summary.max()).isEqualTo(Duration.ofNanos(values[values.length - 1]));
        assertThat(summary.count()).isEqualTo(values.length);
    }

    private static void assertPercentile(Duration actual, long[] sorted, double share) {
        long exact = sorted[(int) Math.ceil(sorted.length * share) - 1];
        assertThat(actual.toNanos()).isGreaterThanOrEqualTo(exact).isCloseTo(exact, ERROR);
    }

    @Test
    void addsUpWhatSeveralLoopsHaveCounted() {
        Histogram one = new Histogram();
        Histogram other = new Histogram();
        one.record(1_000_000);
        other.record(3_000_000);

        LatencyStatistics summary = Histogram.summarize(List.of(one, other));

        assertThat(summary.count()).isEqualTo(2);
        assertThat(summary.mean()).isEqualTo(Duration.ofMillis(2));
        assertThat(summary.max()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void takesTheLongestAndTheShortestDurations() {
        Histogram histogram = new Histogram();
        histogram.record(0);
        histogram.record(Long.MAX_VALUE);

        LatencyStatistics summary = Histogram.summarize(List.of(histogram));

        assertThat(summary.count()).isEqualTo(2);
        assertThat(summary.max()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void whatHasComeSinceIsTakenOutOfAll() {
        Histogram histogram = new Histogram();
        for (int i = 0; i < 10_000; i++) {
            histogram.record(1_000_000);
        }
        LatencyStatistics before = Histogram.summarize(List.of(histogram));
        for (int i = 0; i < 100; i++) {
            histogram.record(2_000_000_000L);
        }
        histogram.record(1_000_000);

        LatencyStatistics all = Histogram.summarize(List.of(histogram));
        LatencyStatistics since = all.since(before);

        assertThat(all.p50().toNanos()).isCloseTo(1_000_000, ERROR);
        assertThat(since.count()).isEqualTo(101);
        assertThat(since.mean()).isEqualTo(Duration.ofNanos((100 * 2_000_000_000L + 1_000_000) / 101));
        assertThat(since.p50()).isEqualTo(Duration.ofSeconds(2));
        assertThat(since.max()).isEqualTo(Duration.ofSeconds(2));
        assertThat(all.since(all)).isEqualTo(LatencyStatistics.NONE);
        assertThat(all.since(LatencyStatistics.NONE)).isEqualTo(all);
    }

    /** A route that was taken away and came again counts anew. */
    @Test
    void nothingIsTakenOffThatIsNotThere() {
        Histogram gone = new Histogram();
        gone.record(1_000_000);
        gone.record(5_000_000);
        Histogram again = new Histogram();
        again.record(5_000_000);
        LatencyStatistics earlier = Histogram.summarize(List.of(gone));
        LatencyStatistics present = Histogram.summarize(List.of(again));

        assertThat(present.since(earlier)).isEqualTo(present);
        assertThat(present.since(Histogram.summarize(List.of(again, again)))).isEqualTo(present);
    }
}
