package io.lb4j.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void doublesUpToTheMaximumAndBeginsAnewAfterASuccess() {
        Backoff backoff = new Backoff(millis(100), millis(1000), () -> 0);

        assertThat(IntStream.range(0, 6).mapToObj(i -> backoff.next()))
                .containsExactly(millis(100), millis(200), millis(400), millis(800), millis(1000), millis(1000));
        assertThat(backoff.failures()).isEqualTo(6);
        backoff.reset();
        assertThat(backoff.next()).isEqualTo(millis(100));
    }

    @Test
    void neverWaitsLongerThanTheMaximumHoweverOftenItFails() {
        Backoff backoff = new Backoff(Duration.ofNanos(1), Duration.ofDays(300), () -> 0);

        Duration last = Duration.ZERO;
        for (int i = 0; i < 100; i++) {
            Duration next = backoff.next();
            assertThat(next).isBetween(last, Duration.ofDays(300));
            last = next;
        }
    }

    @Test
    void isShortenedByChanceByUpToAHalf() {
        assertThat(new Backoff(millis(100), millis(1000), () -> 1).next()).isEqualTo(millis(50));
        assertThat(new Backoff(millis(100), millis(1000), () -> 0.5).next()).isEqualTo(millis(75));
    }

    @Test
    void namesBoundsThatAreWrong() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, millis(1))).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> new Backoff(millis(2), millis(1))).hasMessageContaining("ascending");
    }
}
