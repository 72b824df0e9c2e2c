package io.lb4j.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds examples/README.md to what examples/run can run, and both to what there is. */
final class ExamplesPageTest {
    private static final Path EXAMPLES = Path.of("../../examples");
    private static final Pattern RUNNABLE =
            Pattern.compile("(?m)^    ([a-z0-9-]+) +([a-z-]+) +([a-z]+\\.[A-Za-z0-9]+)$");
    private static final Pattern NAMED = Pattern.compile("(?m)^\\| `([a-z0-9-]+)` \\|");
    private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");

    private static List<MatchResult> runnable() throws IOException {
        return RUNNABLE.matcher(Files.readString(EXAMPLES.resolve("run")))
                .results()
                .toList();
    }

    private static String page() throws IOException {
        return Files.readString(EXAMPLES.resolve("README.md"));
    }

    @Test
    void everyExampleThatCanBeRunIsOnThePageAndNoOther() throws IOException {
        List<String> onPage =
                NAMED.matcher(page()).results().map(row -> row.group(1)).toList();

        assertThat(runnable())
                .extracting(row -> row.group(1))
                .hasSizeGreaterThan(10)
                .hasSameElementsAs(onPage);
    }

    @Test
    void everyExampleThatCanBeRunHasAMain() throws IOException {
        for (MatchResult row : runnable()) {
            Path source = EXAMPLES.resolve(row.group(2))
                    .resolve("src/main/java/io/lb4j/examples")
                    .resolve(row.group(3).replace('.', '/') + ".java");
            assertThat(source).content().contains("public static void main(String");
        }
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        assertThat(LINK.matcher(page()).results().map(link -> link.group(1)))
                .isNotEmpty()
                .allSatisfy(target -> assertThat(EXAMPLES.resolve(target)).exists());
    }

    @Test
    void withoutANameTheScriptListsThem() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(EXAMPLES.resolve("run").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(output.lines().map(String::strip))
                .containsAll(runnable().stream().map(row -> row.group(1)).toList());
    }
}
