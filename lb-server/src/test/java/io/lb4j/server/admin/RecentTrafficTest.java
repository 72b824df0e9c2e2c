package io.lb4j.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.stats.ConfigurationStatistics;
import io.lb4j.stats.Distribution;
import io.lb4j.stats.LatencyStatistics;
import io.lb4j.stats.Statistics;
import io.lb4j.stats.TrafficStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Figures of the last half minute, whatever came before. */
final class RecentTrafficTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final RecentTraffic recent = new RecentTraffic();

    /** One route that has answered so many requests, each after 1 ms, and so many after 1 s, with an error. */
    private static Statistics at(long seconds, long fast, long slow) {
        Distribution durations = Distribution.of(
                new long[] {1_000_000, 1_000_000_000},
                new long[] {fast, slow},
                fast * 1_000_000 + slow * 1_000_000_000);
        TrafficStatistics traffic = new TrafficStatistics(
                fast + slow,
                0,
                Map.of(2, fast, 5, slow),
                Map.of(),
                0,
                0,
                0,
                0,
                LatencyStatistics.of(durations, Duration.ofSeconds(1)),
                LatencyStatistics.NONE);
        return new Statistics(
                START,
                START.plusSeconds(seconds),
                1,
                Map.of(),
                Map.of("api", traffic),
                Map.of(),
                Map.of(),
                new ConfigurationStatistics(1, 0, START, Optional.empty()),
                List.of());
    }

    private Map<?, ?> route(Statistics present) {
        Map<?, ?> routes =
                (Map<?, ?>) Objects.requireNonNull(recent.until(present).get("routes"));
        return (Map<?, ?>) Objects.requireNonNull(routes.get("api"));
    }

    @Test
    void isAllThatThereIsForAsLongAsThatIsLess() {
        recent.keep(at(0, 0, 0));

        assertThat(recent.until(at(3, 5, 0))).containsEntry("seconds", 3.0).containsEntry("since", START);
        assertThat(route(at(3, 5, 0)).get("requests")).isEqualTo(5L);
    }

    @Test
    void forgetsWhatIsLongerAgo() {
        for (int second = 0; second <= 100; second += 5) {
            recent.keep(at(second, 100_000, 0));
        }
        Statistics present = at(102, 100_000, 10);

        assertThat(recent.until(present)).containsEntry("seconds", 32.0);
        assertThat(route(present).get("requests")).isEqualTo(10L);
        assertThat(route(present).get("errors")).isEqualTo(10L);
        assertThat(String.valueOf(route(present).get("latency")))
                .contains("p50=1.0,")
                .doesNotContain("distribution");
        assertThat(Objects.requireNonNull(present.routes().get("api")).latency().p50())
                .isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void aRouteThatCameAnewCountsAnew() {
        recent.keep(at(0, 100_000, 0));

        assertThat(route(at(30, 3, 0)).get("requests")).isEqualTo(3L);
        assertThat(route(at(30, 3, 0)).get("errors")).isEqualTo(0L);
    }
}
