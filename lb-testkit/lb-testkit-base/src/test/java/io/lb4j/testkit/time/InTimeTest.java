package io.lb4j.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class InTimeTest {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    @Test
    void whatIsLateOnceIsTriedAgain() {
        assertThat(InTime.within(LIMIT, attempt -> Duration.ofSeconds(5 - attempt)))
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void whatIsLateEachTimeFailsWithItsTimes() {
        assertThatThrownBy(() -> InTime.within(LIMIT, attempt -> Duration.ofSeconds(6 - attempt)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("it took [PT6S, PT5S, PT4S] (expected: once <= PT3S)");
    }
}
