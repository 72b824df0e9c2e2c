package io.lb4j.plugins.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How fields are read that say how long something may be used. */
final class FieldParsingTest {
    private static final long NOW = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();

    private static long maxAge(String... lines) {
        return Directives.parse(List.of(lines)).seconds("max-age").orElse(-1);
    }

    @Test
    void directivesHaveTokensOrQuotedStrings() {
        assertThat(maxAge("public, MAX-AGE=60,")).isEqualTo(60);
        assertThat(maxAge("max-age=\"60\" ")).isEqualTo(60);
        assertThat(maxAge("a=\"x, max-age=1\\\", max-age=2\", max-age=3")).isEqualTo(3);
        assertThat(maxAge("max-age=1", "max-age=2")).isEqualTo(1);
        assertThat(maxAge("max-age=0060")).isEqualTo(60);
        assertThat(maxAge("max-age=99999999999999999999")).isEqualTo(1L << 31);
        assertThat(maxAge("max-age=4294967295")).isEqualTo(1L << 31);
        assertThat(maxAge("public")).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age", "max-age=", "max-age= 60", "max-age=-1", "max-age=6.0", "max-age=a6"})
    void whatIsNoNumberIsNoTime(String line) {
        assertThat(maxAge(line)).isZero();
    }

    @Test
    void somethingMayBeSaidOfSomeFieldsOnly() {
        Directives some = Directives.parse(List.of("private=\"a, B ,,c d\", no-cache"));
        assertThat(some.hasForAll("private")).isFalse();
        assertThat(some.fieldsOf("private")).containsExactly("a", "b");
        assertThat(some.hasForAll("no-cache")).isTrue();
        assertThat(some.fieldsOf("no-cache")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun, 06 Nov 1994 08:49:37 GMT|1994-11-06T08:49:37Z",
                "SUN, 06 nov 1994 08:49:37 gmt|1994-11-06T08:49:37Z",
                "Sunday, 06-Nov-94 08:49:37 GMT|1994-11-06T08:49:37Z",
                "Sunday, 06-Nov-50 08:49:37 GMT|2050-11-06T08:49:37Z",
                "Sun Nov  6 08:49:37 1994|1994-11-06T08:49:37Z",
                "Sun, 21 Nov 2286 04:46:39 GMT|2286-11-21T04:46:39Z"
            })
    void datesHaveThreeFormats(String text, Instant instant) {
        assertThat(HttpDate.parse(text, NOW)).contains(instant.getEpochSecond());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 06 Nov 94 08:49:37 GMT",
                "Sun, 06  Nov 1994 08:49:37 GMT",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 8:49:37 GMT",
                "Sun, 06-Nov-1994 08:49:37 GMT",
                "Sun, 30 Feb 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT "
            })
    void anythingElseIsNoDate(String text) {
        assertThat(HttpDate.parse(text, NOW)).isEmpty();
    }

    @Test
    void aTargetedFieldIsADictionary() {
        Directives control = TargetedField.parse(List.of("max-age=60;a=1, foo=?1 ,\tprivate", "bar=\"x\\\"y\""))
                .orElseThrow();
        assertThat(control.seconds("max-age")).hasValue(60);
        assertThat(control.has("private")).isTrue();
        assertThat(control.has("bar")).isTrue();
        assertThat(TargetedField.parse(List.of("max-age=1, max-age=2"))
                        .orElseThrow()
                        .seconds("max-age"))
                .hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "max-age=60, &",
                "max-age=\"60\"",
                "max-age",
                "max-age =60",
                "max-age= 60",
                "MAX-AGE=60",
                "max-age=60,",
                "a=\"open",
                "a=1234567890123456",
                "private=?0",
                "a;=1"
            })
    void onlyAWholeDictionaryIsUnderstood(String line) {
        assertThat(TargetedField.parse(List.of(line))).isEmpty();
    }
}
