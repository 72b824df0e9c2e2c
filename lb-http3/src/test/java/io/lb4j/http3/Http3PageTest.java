package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Holds docs/http3.md against the declarations: every option is on the page, with its default, and every figure. */
final class Http3PageTest {
    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/http3.md"));
    }

    private static void requireRows(String page, Section section) {
        Settings.defaults(section)
                .toTree()
                .forEach((option, value) -> assertThat(page).contains("| `" + option + "` | " + value + " |"));
    }

    @Test
    void thePageNamesEveryOptionWithItsDefault() throws IOException {
        int upstream = page().indexOf("## With endpoints");
        requireRows(page().substring(0, upstream), Http3Options.SECTION);
        requireRows(page().substring(upstream), Http3UpstreamOptions.SECTION);
    }

    @Test
    void thePageNamesEveryFigure() throws IOException {
        assertThat(Arrays.stream(Figure.values()).map(Figure::text))
                .allSatisfy(figure -> assertThat(page()).contains("`" + figure + "`"));
    }
}
