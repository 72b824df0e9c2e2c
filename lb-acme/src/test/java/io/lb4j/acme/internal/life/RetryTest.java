package io.lb4j.acme.internal.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An authority is asked less and less often while it refuses. */
final class RetryTest {
    @Test
    void waitsFromAMinuteToSixHours() {
        assertThat(IntStream.rangeClosed(1, 23).mapToObj(Retry::after).map(Duration::toMinutes))
                .containsExactly(
                        1L, 2L, 2L, 5L, 10L, 10L, 10L, 20L, 20L, 20L, 20L, 30L, 30L, 30L, 30L, 30L, 30L, 60L, 120L,
                        240L, 360L, 360L, 360L);
    }

    @Test
    void waitsAsLongAsAnAuthorityAsksButNotForYears() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(Retry.next(1, Optional.empty(), Optional.of(now.plusSeconds(7200)), now))
                .isEqualTo(now.plusSeconds(7200));
        assertThat(Retry.next(1, Optional.empty(), Optional.of(now.plusSeconds(1)), now))
                .isEqualTo(now.plusSeconds(60));
        assertThat(Retry.next(1, Optional.empty(), Optional.of(Instant.MAX), now))
                .isEqualTo(now.plus(Duration.ofDays(7)));
    }

    @Test
    void aTimeThatNobodyWaitsForIsNotBelieved() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        Instant week = now.plus(Duration.ofDays(7));
        assertThat(Retry.until(week, now.minusSeconds(1))).isEqualTo(week);
        assertThat(Retry.until(now.plus(Duration.ofDays(300)), now)).isEqualTo(Instant.EPOCH);
    }
}
