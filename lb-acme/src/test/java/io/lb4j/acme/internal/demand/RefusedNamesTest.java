package io.lb4j.acme.internal.demand;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How long a no is remembered. */
final class RefusedNamesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final RefusedNames refused = new RefusedNames();

    @Test
    void aNoHoldsForTenSeconds() {
        refused.remember("a.test", NOW);
        assertThat(refused.isKnown("a.test", NOW.plusSeconds(9))).isTrue();
        assertThat(refused.isKnown("a.test", NOW.plusSeconds(10))).isFalse();
    }

    @Test
    void aNoOfATimeToComeIsForgotten() {
        refused.remember("a.test", NOW.plus(Duration.ofDays(365)));
        assertThat(refused.isKnown("a.test", NOW)).isFalse();
    }
}
