package io.lb4j.internal.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.internal.filter.Outage.Turn;
import io.lb4j.testkit.time.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class OutageTest {
    private final FakeClock clock = FakeClock.create();
    private final Outage outage = new Outage(Entries.LIMITS, clock.nanoSource());

    @Test
    void failuresWithinTheWindowTakeOutAndTimeBringsBack() {
        assertThat(outage.failed()).isEqualTo(Turn.IN);
        assertThat(outage.failed()).isEqualTo(Turn.IN);
        assertThat(outage.ask()).isEqualTo(Turn.IN);
        assertThat(outage.failed()).isEqualTo(Turn.LEFT);
        assertThat(outage.ask()).isEqualTo(Turn.OUT);
        assertThat(outage.isOut()).isTrue();

        clock.advance(Duration.ofSeconds(29));
        assertThat(outage.ask()).isEqualTo(Turn.OUT);
        clock.advance(Duration.ofSeconds(1));
        assertThat(outage.isOut()).isFalse();
        assertThat(outage.ask()).isEqualTo(Turn.CAME_BACK);
        assertThat(outage.ask()).isEqualTo(Turn.IN);
    }

    @Test
    void failuresFarApartDoNotAddUp() {
        for (int i = 0; i < 10; i++) {
            assertThat(outage.failed()).isEqualTo(Turn.IN);
            assertThat(outage.failed()).isEqualTo(Turn.IN);
            clock.advance(Duration.ofSeconds(11));
        }
    }

    @Test
    void afterAComebackOneFailureIsEnoughUntilAWindowHasPassed() {
        outage.takeOut();
        clock.advance(Duration.ofSeconds(30));
        assertThat(outage.ask()).isEqualTo(Turn.CAME_BACK);
        assertThat(outage.failed()).isEqualTo(Turn.LEFT);

        clock.advance(Duration.ofSeconds(30));
        assertThat(outage.ask()).isEqualTo(Turn.CAME_BACK);
        clock.advance(Duration.ofSeconds(11));
        assertThat(outage.failed()).isEqualTo(Turn.IN);
    }

    @Test
    void leavesOnce() {
        assertThat(outage.takeOut()).isEqualTo(Turn.LEFT);
        assertThat(outage.takeOut()).isEqualTo(Turn.OUT);
        assertThat(outage.failed()).isEqualTo(Turn.OUT);
    }
}
