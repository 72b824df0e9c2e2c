package io.lb4j.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.config.ListType;
import io.lb4j.config.MapType;
import io.lb4j.config.Option;
import io.lb4j.config.PartFactory;
import io.lb4j.config.PartType;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Section;
import io.lb4j.config.SectionType;
import io.lb4j.config.TreeType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** Holds docs/built-in-plugins.md to its word. */
public final class PluginPage {
    private static final Path PAGE = Path.of("../../docs/built-in-plugins.md");
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private PluginPage() {}

    /** Asserts that a plugin has a chapter with every option, the defaults, and an example. */
    public static void requireChapter(PartFactory<?> factory) {
        String chapter = chapter(factory.name());
        assertThat(chapter).contains("```java");
        requireRows(factory.section(), chapter);
    }

    private static void requireRows(Section section, String chapter) {
        for (Option<?> option : section.options()) {
            Optional<String> row = chapter.lines()
                    .filter(line -> line.startsWith("| `" + option.name() + "` |"))
                    .findFirst();
            assertThat(row).as("the row of %s", option).isPresent();
            written(option).ifPresent(text -> assertThat(row.orElseThrow()).contains("`" + text + "`"));
            if (option.isRequired()) {
                assertThat(row.orElseThrow()).endsWith("| required |");
            }
            if (option.isSecret() && !option.name().contains("secret")) {
                assertThat(row.orElseThrow()).contains("secret");
            }
            if (option.type() instanceof SectionType nested) {
                requireRows(nested.section(), chapter);
            } else if (option.type() instanceof ListType<?> list && list.element() instanceof SectionType nested) {
                requireRows(nested.section(), chapter);
            } else {
                assertThat(option.type())
                        .isInstanceOfAny(
                                ScalarType.class, ListType.class, MapType.class, TreeType.class, PartType.class);
            }
        }
    }

    private static <T> Optional<String> written(Option<T> option) {
        return option.type() instanceof ScalarType<T> scalar
                ? option.defaultValue().map(scalar::write).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    private static String chapter(String name) {
        String page = read();
        int start = page.indexOf("\n## `" + name + "`\n");
        assertThat(start).as("the chapter of %s", name).isNotNegative();
        int end = page.indexOf("\n## ", start + 1);
        return page.substring(start, end < 0 ? page.length() : end);
    }

    private static String read() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Asserts that the examples of a plugin, or those before the first one, compile. */
    public static void requireExamples(Path folder, String imports, String... names) throws IOException {
        StringBuilder source = new StringBuilder(imports).append("\nclass Examples {\n");
        int number = 0;
        for (String name : names) {
            List<String> blocks = CODE.matcher(chapter(name))
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .toList();
            for (String block : blocks) {
                source.append("Object example").append(number++).append("() {\nreturn ");
                source.append(block.strip()).append(";\n}\n");
            }
        }
        Path file = Files.writeString(folder.resolve("Examples.java"), source.append("}\n"));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        String classPath = System.getProperty("java.class.path");
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, messages, messages, "-cp", classPath, "-d", folder.toString(), file.toString());
        assertThat(code).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    }
}
