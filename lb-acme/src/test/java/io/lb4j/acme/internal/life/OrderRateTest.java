package io.lb4j.acme.internal.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** So many orders in so long, by a clock that may be wrong. */
final class OrderRateTest {
    private static final Duration SPAN = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final OrderRate rate = new OrderRate(2, SPAN);

    @Test
    void opensAgainWhenTheSpanIsOver() {
        assertThat(rate.take(NOW)).isZero();
        assertThat(rate.take(NOW.plusSeconds(4))).isZero();
        assertThat(rate.take(NOW.plusSeconds(5))).isEqualTo(Duration.ofSeconds(5));
        assertThat(rate.take(NOW.plusSeconds(10))).isZero();
    }

    @Test
    void isNotClosedForYearsByAClockThatIsPutBack() {
        Instant wrong = NOW.plus(Duration.ofDays(3650));
        rate.take(wrong);
        rate.take(wrong);
        assertThat(rate.take(NOW)).isZero();
    }

    @Test
    void isNotOpenedByAClockThatIsPutBackALittle() {
        rate.take(NOW);
        rate.take(NOW);
        assertThat(rate.take(NOW.minusSeconds(1))).isPositive();
    }
}
