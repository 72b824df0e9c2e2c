package io.lb4j.internal.balance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.spi.BalancePolicies;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BalancingTest {
    @Test
    void namesTheFigureThatIsWrong() {
        assertThatThrownBy(() -> new Balancing(BalancePolicies.random(), 1.01, true, Tuning.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("panicThreshold: 1.01 (expected: 0..1)");
        assertThatThrownBy(() -> new Tuning(Duration.ZERO, Tuning.DEFAULT.slowStart()))
                .hasMessage("latencyDecay: PT0S (expected: > 0)");
    }
}
