package io.lb4j.server.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.server.life.Difference.Change;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of two configurations. */
final class DifferenceTest {
    @Test
    void namesWhatHasChangedCameAndWent() {
        Map<String, Object> before =
                Map.of("listeners", List.of(Map.of("name", "main", "port", 80L), Map.of("name", "old", "port", 81L)));
        Map<String, Object> after =
                Map.of("listeners", List.of(Map.of("name", "main", "port", 8080L)), "logging", Map.of("level", "info"));

        assertThat(Difference.between(before, after))
                .containsExactly(
                        new Change("listeners.main.port", Optional.of(80L), Optional.of(8080L)),
                        new Change("listeners.old", Optional.of(Map.of("name", "old", "port", 81L)), Optional.empty()),
                        new Change("logging", Optional.empty(), Optional.of(Map.of("level", "info"))));
    }

    @Test
    void countsTheElementsOfOtherLists() {
        assertThat(Difference.between(Map.of("hosts", List.of("a", "b")), Map.of("hosts", List.of("a", "c", "d"))))
                .containsExactly(
                        new Change("hosts[1]", Optional.of("b"), Optional.of("c")),
                        new Change("hosts[2]", Optional.empty(), Optional.of("d")));
    }

    @Test
    void findsNothingBetweenTheSame() {
        assertThat(Difference.between(Map.of("a", List.of(1L)), Map.of("a", List.of(1L))))
                .isEmpty();
    }
}
