package io.lb4j.internal.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlowStartTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void givesTheWholeWeightAtOnceWithoutAWindow() {
        assertThat(SlowStart.NONE.share(0)).isEqualTo(1);
        assertThat(SlowStart.NONE.isWarming(0)).isFalse();
    }

    @Test
    void beginsWithTheMinimumShare() {
        SlowStart slowStart = SlowStart.over(Duration.ofSeconds(60));

        assertThat(slowStart.share(0)).isEqualTo(0.1);
        assertThat(slowStart.share(6 * SECOND)).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void growsInAStraightLineByDefault() {
        SlowStart slowStart = SlowStart.over(Duration.ofSeconds(60));

        assertThat(slowStart.share(15 * SECOND)).isCloseTo(0.25, within(1e-9));
        assertThat(slowStart.share(45 * SECOND)).isCloseTo(0.75, within(1e-9));
    }

    @Test
    void growsFasterAtFirstWithMoreAggression() {
        SlowStart slowStart = new SlowStart(Duration.ofSeconds(60), 2, 0.1);

        assertThat(slowStart.share(15 * SECOND)).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void endsWithTheWindow() {
        SlowStart slowStart = SlowStart.over(Duration.ofSeconds(60));

        assertThat(slowStart.isWarming(60 * SECOND - 1)).isTrue();
        assertThat(slowStart.isWarming(60 * SECOND)).isFalse();
        assertThat(slowStart.share(60 * SECOND)).isEqualTo(1);
    }

    @Test
    void namesTheFigureThatIsWrong() {
        assertThatThrownBy(() -> new SlowStart(Duration.ofSeconds(-1), 1, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("window: PT-1S (expected: >= 0)");
        assertThatThrownBy(() -> new SlowStart(Duration.ZERO, 0, 0.1)).hasMessage("aggression: 0.0 (expected: > 0)");
        assertThatThrownBy(() -> new SlowStart(Duration.ZERO, 1, Double.NaN))
                .hasMessage("minimumShare: NaN (expected: > 0, <= 1)");
    }
}
