package io.lb4j.server.schema;

import io.lb4j.config.Option;
import io.lb4j.config.Section;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** Examples that somebody has written: for options by their keys, and for what several options take. Immutable. */
final class ExampleTexts {
    private static final String RESOURCE = "examples.yaml";
    private static final int ONE_LINE = 100_000;

    private final Map<?, ?> byKey;
    private final Map<?, ?> byExpectation;

    private ExampleTexts(Map<?, ?> byKey, Map<?, ?> byExpectation) {
        this.byKey = byKey;
        this.byExpectation = byExpectation;
    }

    static ExampleTexts read() {
        try (InputStream in = ExampleTexts.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource: " + RESOURCE + " (expected: part of the program)");
            }
            Map<?, ?> all = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            return new ExampleTexts(table(all, "by_key"), table(all, "by_expectation"));
        } catch (IOException e) {
            throw new UncheckedIOException("resource: " + RESOURCE + " cannot be read", e);
        }
    }

    private static Map<?, ?> table(Map<?, ?> all, String name) {
        return (Map<?, ?>) Objects.requireNonNull(all.get(name), name);
    }

    /** Returns an option's example as a tree, if there is one. */
    Optional<Object> of(Section section, Option<?> option) {
        Object ofSection = byKey.get(section.name() + "." + option.name());
        return Optional.ofNullable(ofSection == null ? byKey.get(option.name()) : ofSection);
    }

    /** Returns an example of whatever has to look so, if there is one. */
    Optional<Object> of(String expected) {
        return Optional.ofNullable(byExpectation.get(expected));
    }

    /** Returns the keys that examples were written for. */
    Set<String> keys() {
        return byKey.keySet().stream().map(String::valueOf).collect(Collectors.toSet());
    }

    /** Returns a tree as it stands in a file, in one line. */
    static String written(Object tree) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.FLOW)
                .setDefaultScalarStyle(ScalarStyle.PLAIN)
                .setWidth(ONE_LINE)
                .build();
        return new Dump(settings).dumpToString(tree).strip();
    }
}
