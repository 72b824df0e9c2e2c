package io.lb4j.acme.internal.life;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
}
