package io.lb4j.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class PeakEwmaTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Percentage A_THOUSANDTH = Percentage.withPercentage(0.1);

    private final PeakEwma rule = new PeakEwma(Duration.ofSeconds(10));

    @Test
    void isZeroBeforeTheFirstObservation() {
        assertThat(rule.valueAt(PeakEwma.NONE, 5 * SECOND)).isZero();
    }

    @Test
    void takesTheFirstObservationAsItIs() {
        long average = rule.observe(PeakEwma.NONE, 20 * MILLI, SECOND);

        assertThat(rule.valueAt(average, SECOND)).isCloseTo(20e6, A_THOUSANDTH);
    }

    @Test
    void risesAtOnceToALongerTime() {
        long average = rule.observe(PeakEwma.NONE, MILLI, SECOND);

        average = rule.observe(average, 2 * SECOND, SECOND + 1);

        assertThat(rule.valueAt(average, SECOND + 1)).isCloseTo(2e9, A_THOUSANDTH);
    }

    @Test
    void comesDownTowardsShorterTimesByTheTimeBetweenThem() {
        long average = rule.observe(PeakEwma.NONE, SECOND, 0);

        average = rule.observe(average, 100 * MILLI, 10 * SECOND);

        assertThat(rule.valueAt(average, 10 * SECOND)).isCloseTo(1e9 / Math.E + 1e8 * (1 - 1 / Math.E), A_THOUSANDTH);
    }

    @Test
    void decaysToOneEthWithinTheDecayTime() {
        long average = rule.observe(PeakEwma.NONE, SECOND, 0);

        assertThat(rule.valueAt(average, 10 * SECOND)).isCloseTo(1e9 / Math.E, A_THOUSANDTH);
    }

    @Test
    void decaysWithoutAStepWhereTheSeriesGivesWayToTheExponential() {
        long average = rule.observe(PeakEwma.NONE, SECOND, 0);

        for (long millis = 150; millis < 250; millis += 2) {
            double ticks = (millis * MILLI) >> 20;
            assertThat(rule.valueAt(average, millis * MILLI))
                    .isCloseTo(1e9 * Math.exp(-ticks * (1 << 20) / 10e9), within(100.0));
        }
    }

    @Test
    void converges() {
        long average = rule.observe(PeakEwma.NONE, SECOND, 0);
        for (int millis = 1; millis <= 120_000; millis++) {
            average = rule.observe(average, 3 * MILLI, millis * MILLI);
        }

        assertThat(rule.valueAt(average, 120 * SECOND)).isCloseTo(3e6, Percentage.withPercentage(1));
    }

    @Test
    void isNotWrittenByWhatComesWithinOneTickAndDoesNotExceedIt() {
        long average = rule.observe(PeakEwma.NONE, 3 * MILLI, SECOND);

        assertThat(rule.observe(average, 2 * MILLI, SECOND + 1)).isEqualTo(average);
    }

    @Test
    void toleratesAChangeThatAnotherLoopMadeALittleLater() {
        long average = rule.observe(PeakEwma.NONE, 20 * MILLI, 2 * SECOND);

        average = rule.observe(average, MILLI, SECOND);

        assertThat(rule.valueAt(average, SECOND)).isCloseTo(20e6, A_THOUSANDTH);
    }

    @Test
    void neverFallsByAnAnswerThatWasGivenUp() {
        long average = rule.observe(PeakEwma.NONE, 20 * MILLI, SECOND);

        assertThat(rule.observeAtLeast(average, MILLI, 2 * SECOND)).isEqualTo(average);
        assertThat(rule.valueAt(rule.observeAtLeast(average, 30 * MILLI, 2 * SECOND), 2 * SECOND))
                .isCloseTo(30e6, A_THOUSANDTH);
    }

    @Test
    void makesAnEndpointThatFailsAtOnceSlowerWithEachFailure() {
        long once = rule.observeFailure(PeakEwma.NONE, 1000, SECOND);
        long twice = rule.observeFailure(once, 1000, SECOND);

        assertThat(rule.valueAt(once, SECOND)).isCloseTo(10e6, A_THOUSANDTH);
        assertThat(rule.valueAt(twice, SECOND)).isCloseTo(30e6, A_THOUSANDTH);
    }

    @Test
    void growsByFailuresNoFurtherThanTenSeconds() {
        long average = PeakEwma.NONE;
        for (int i = 0; i < 100; i++) {
            average = rule.observeFailure(average, 1000, SECOND);
        }

        assertThat(rule.valueAt(average, SECOND)).isCloseTo(10e9, A_THOUSANDTH);
    }

    @Test
    void keepsWhenTheTicksWrap() {
        long wrap = 1L << 52; // ticks of 2^20 ns in 32 bits
        long average = rule.observe(PeakEwma.NONE, SECOND, wrap - SECOND);

        assertThat(rule.valueAt(average, wrap + 9 * SECOND)).isCloseTo(1e9 / Math.E, A_THOUSANDTH);
    }
}
