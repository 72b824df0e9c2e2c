package io.lb4j.plugins.registry.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions, and ranges of them. */
final class SemanticVersionTest {
    @Test
    void versionsAreOrderedByPrecedence() {
        List<SemanticVersion> ordered = Stream.of(
                        "0.9.9",
                        "1.0.0-0",
                        "1.0.0-alpha",
                        "1.0.0-alpha.1",
                        "1.0.0-alpha.beta",
                        "1.0.0-beta",
                        "1.0.0-beta.2",
                        "1.0.0-beta.11",
                        "1.0.0-rc.1",
                        "1.0.0",
                        "1.0.10",
                        "1.2.0",
                        "10.0.0")
                .map(SemanticVersion::parse)
                .toList();
        List<SemanticVersion> sorted = new ArrayList<>(ordered);
        Collections.shuffle(sorted, new Random(1));
        Collections.sort(sorted);

        assertThat(sorted).isEqualTo(ordered);
        assertThat(SemanticVersion.parse("1.0.0+a")).isEqualByComparingTo(SemanticVersion.parse("1.0.0+b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "1.2.3.4",
                "01.2.3",
                "1.2.3-",
                "1.2.3-01",
                "1.2.3-a..b",
                "v1.2.3",
                "1.2.3 ",
                "1.2.99999999999999999999"
            })
    void whatIsNoVersionIsRefused(String text) {
        assertThatThrownBy(() -> SemanticVersion.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'*', 1.2.3, true",
        "1.2.3, 1.2.3, true",
        "1.2.3, 1.2.4, false",
        "1.2, 1.2.9, true",
        "1.2.x, 1.3.0, false",
        "1, 1.9.0, true",
        "1.x, 2.0.0, false",
        "^1.2.3, 1.9.0, true",
        "^1.2.3, 1.2.2, false",
        "^1.2.3, 2.0.0, false",
        "^0.2.3, 0.2.9, true",
        "^0.2.3, 0.3.0, false",
        "^0.0.3, 0.0.4, false",
        "^0, 0.9.0, true",
        "^0.0, 0.1.0, false",
        "~1.2.3, 1.2.9, true",
        "~1.2.3, 1.3.0, false",
        "~1, 1.9.0, true",
        "'>=1.2 <2', 1.9.9, true",
        "'>=1.2 <2', 2.0.0, false",
        "'>=1.2 <2', 1.1.9, false",
        "'>1.2', 1.2.9, false",
        "'>1.2', 1.3.0, true",
        "'<=1.2', 1.2.9, true",
        "'<=1.2.3', 1.2.4, false",
        "'1.x || >=3', 2.5.0, false",
        "'1.x || >=3', 3.5.0, true",
        "'>=1.0.0-rc.1', 1.0.0-rc.2, true",
        "'>=1.0.0-rc.1', 1.1.0-rc.2, false",
        "'*', 1.0.0-rc.1, false",
        "1.0.0-rc.1, 1.0.0-rc.1, true"
    })
    void aRangeAdmitsWhatItSays(String range, String version, boolean admitted) {
        assertThat(VersionRange.parse(range).admits(SemanticVersion.parse(version)))
                .isEqualTo(admitted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "latest", ">=", "1.2.3,", "1 ||", "1 | 2", "^^1", "1..2", "1.0 - 2.0"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatThrownBy(() -> VersionRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
