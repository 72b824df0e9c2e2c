package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.config.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/acme.md against the declarations: every option is on the page, with its default. */
final class AcmePageTest {
    private static final Path PAGE = Path.of("../docs/acme.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_]+)` \\| ([^|]+) \\|", Pattern.MULTILINE);

    @Test
    void thePageNamesEveryOptionWithItsDefault() throws IOException {
        Map<String, String> declared = new TreeMap<>();
        for (Option<?> option : AcmeOptions.SECTION.options()) {
            declared.put(option.name(), defaultOf(option));
        }
        Map<String, String> rows = new TreeMap<>();
        String page = Files.readString(PAGE);
        Matcher row = ROW.matcher(page);
        while (row.find()) {
            rows.put(row.group(1), row.group(2).strip());
        }
        assertThat(rows).isEqualTo(declared);
        for (Option<?> option : AuthorityOptions.SECTION.options()) {
            assertThat(page).contains("`" + option.name() + "`");
        }
    }

    private static <T> String defaultOf(Option<T> option) {
        if (option.isRequired()) {
            return "required";
        }
        return option.defaultValue().map(value -> written(option, value)).orElse("none");
    }

    private static <T> String written(Option<T> option, T value) {
        if (option == AcmeOptions.RENEWAL_SHARE) {
            return "a third";
        }
        if (option == AcmeOptions.CHALLENGE_TYPE) {
            return AcmeOptions.CHALLENGE_TYPE.defaultValue().orElseThrow().stream()
                    .map(ChallengeType::option)
                    .toList()
                    .toString();
        }
        return value instanceof Duration duration
                ? duration.toMinutes() + "m"
                : value.toString().toLowerCase(Locale.ROOT);
    }
}
