package io.lb4j.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.http.Method;
import io.lb4j.internal.health.Ejection.SuccessRate;
import io.lb4j.internal.health.HttpCheck.StatusRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void anEjectionGrowsByItsBaseTimeUpToTheMaximum() {
        assertThat(Ejection.DEFAULT.timeNanos(0))
                .isEqualTo(Duration.ofSeconds(30).toNanos());
        assertThat(Ejection.DEFAULT.timeNanos(9))
                .isEqualTo(Duration.ofMinutes(5).toNanos());
        assertThat(Ejection.DEFAULT.timeNanos(10))
                .isEqualTo(Duration.ofMinutes(5).toNanos());
        assertThat(Ejection.DEFAULT.timeNanos(1_000_000_000))
                .isEqualTo(Duration.ofMinutes(5).toNanos());
    }

    @Test
    void oneMayAlwaysBeOut() {
        assertThat(Ejection.DEFAULT.maxEjected(1)).isEqualTo(1);
        assertThat(Ejection.DEFAULT.maxEjected(3)).isEqualTo(1);
        assertThat(Ejection.DEFAULT.maxEjected(4)).isEqualTo(2);
    }

    @Test
    void noneIsEverOutWhereTheShareIsNone() {
        Ejection none = new Ejection(1, SECOND, SuccessRate.DEFAULT, SECOND, SECOND, 0);

        assertThat(none.maxEjected(10)).isZero();
    }

    @Test
    void namesTheFigureOfAnEjectionThatIsWrong() {
        assertThatThrownBy(() -> new Ejection(0, SECOND, SuccessRate.DEFAULT, SECOND, SECOND, 0.5))
                .hasMessage("consecutiveFailures: 0 (expected: >= 1)");
        assertThatThrownBy(() -> new Ejection(1, Duration.ZERO, SuccessRate.DEFAULT, SECOND, SECOND, 0.5))
                .hasMessage("interval: PT0S (expected: > 0)");
        assertThatThrownBy(() -> new Ejection(1, SECOND, SuccessRate.DEFAULT, SECOND, Duration.ZERO, 0.5))
                .hasMessage("maxTime: PT0S (expected: >= baseTime, PT1S)");
        assertThatThrownBy(() -> new Ejection(1, SECOND, SuccessRate.DEFAULT, SECOND, SECOND, 1.5))
                .hasMessage("maxEjectedShare: 1.5 (expected: 0..1)");
        assertThatThrownBy(() -> new SuccessRate(0, 5, 100)).hasMessage("deviations: 0.0 (expected: > 0)");
        assertThatThrownBy(() -> new SuccessRate(1, 1, 100)).hasMessage("minHosts: 1 (expected: >= 2)");
        assertThatThrownBy(() -> new SuccessRate(1, 2, 0)).hasMessage("minRequests: 0 (expected: >= 1)");
    }

    @Test
    void namesTheFigureOfACheckThatIsWrong() {
        Optional<Duration> none = Optional.empty();
        assertThatThrownBy(() -> new ActiveCheck(SECOND, 1.1, SECOND, 1, 1, none))
                .hasMessage("jitter: 1.1 (expected: 0..1)");
        assertThatThrownBy(() -> new ActiveCheck(SECOND, 0, Duration.ZERO, 1, 1, none))
                .hasMessage("timeout: PT0S (expected: > 0)");
        assertThatThrownBy(() -> new ActiveCheck(SECOND, 0, SECOND, 0, 1, none)).hasMessage("rise: 0 (expected: >= 1)");
        assertThatThrownBy(() -> new ActiveCheck(SECOND, 0, SECOND, 1, 0, none)).hasMessage("fall: 0 (expected: >= 1)");
        assertThatThrownBy(() -> new ActiveCheck(SECOND, 0, SECOND, 1, 1, Optional.of(Duration.ZERO)))
                .hasMessage("idleInterval: PT0S (expected: > 0)");
    }

    @Test
    void namesWhatIsWrongWithAnHttpCheck() {
        List<StatusRange> expected = List.of(new StatusRange(200, 299));
        assertThatThrownBy(() -> HttpCheck.get("healthz"))
                .hasMessage("path: \"healthz\" (expected: a path that begins with /)");
        assertThatThrownBy(() -> new HttpCheck(Method.GET, "/", Optional.empty(), List.of(), Optional.empty()))
                .hasMessage("expected statuses: none (expected: at least one)");
        assertThatThrownBy(() -> new HttpCheck(Method.GET, "/", Optional.empty(), expected, Optional.of("")))
                .hasMessage("content: \"\" (expected: some text)");
        assertThatThrownBy(() -> new StatusRange(100, 299))
                .hasMessage("status range: 100..299 (expected: within 200..599)");
        assertThatThrownBy(() -> new StatusRange(300, 299))
                .hasMessage("status range: 300..299 (expected: within 200..599)");
    }
}
