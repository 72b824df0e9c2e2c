package io.lb4j.it.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.ListenerLimits;
import io.lb4j.model.ListenerTimeouts;
import io.lb4j.model.Pool;
import io.lb4j.model.RetryPolicy;
import io.lb4j.model.RouteTimeouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/limits.md against the declarations: every limit and every time is on the page, with its default. */
final class LimitsPageTest {
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_.]+)` \\| ([^|]+) \\|", Pattern.MULTILINE);

    @Test
    void thePageNamesEveryLimitWithItsDefault() throws IOException {
        Map<String, String> declared = new TreeMap<>();
        declare(declared, "limits", ListenerLimits.SECTION);
        declare(declared, "timeouts", ListenerTimeouts.SECTION);
        declare(declared, "pool", Pool.SECTION);
        declare(declared, "timeouts", RouteTimeouts.SECTION);
        declare(declared, "retry", RetryPolicy.SECTION);

        assertThat(rowsOfThePage()).containsAllEntriesOf(declared);
    }

    private static void declare(Map<String, String> declared, String name, Section section) {
        Settings.defaults(section)
                .toTree()
                .forEach((option, value) ->
                        declared.merge(name + "." + option, value.toString(), (a, b) -> a + ", " + b));
    }

    private static Map<String, String> rowsOfThePage() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("../../docs/limits.md")));
        while (row.find()) {
            rows.merge(row.group(1), row.group(2).strip(), (a, b) -> a + ", " + b);
        }
        return rows;
    }
}
