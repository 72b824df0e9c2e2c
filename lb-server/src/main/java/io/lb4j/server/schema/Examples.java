package io.lb4j.server.schema;

import io.lb4j.config.LimitType;
import io.lb4j.config.ListType;
import io.lb4j.config.MapType;
import io.lb4j.config.Option;
import io.lb4j.config.OptionType;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.PartType;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Section;
import io.lb4j.config.SectionType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What each option looks like where it is set: written for it in {@link ExampleTexts}, or made of its declaration. An example is another value than the default
 * wherever that can be. Immutable.
 */
final class Examples {
    private static final Pattern SUCH_AS = Pattern.compile("such as (.+?)(?:, | or | \\(|$)");
    private static final Pattern RANGE = Pattern.compile("(?:>= )?(-?\\d+)(?:\\.\\.(-?\\d+))?");
    private static final Pattern SIZE = Pattern.compile("([1-9]\\d*)([KMGT]?i?B)");
    private static final long USUAL = 10;

    private final PartCatalog parts;
    private final ExampleTexts texts = ExampleTexts.read();

    Examples(PartCatalog parts) {
        this.parts = parts;
    }

    /**
     * Returns an example as texts, numbers, booleans, lists and maps.
     *
     * @return empty for a part that is always somebody's own code
     */
    Optional<Object> of(Section section, Option<?> option) {
        return texts.of(section, option)
                .or(() -> of(
                        option.type(), Optional.ofNullable(Defaults.of(section).get(option.name()))));
    }

    private Optional<Object> of(OptionType<?> type, Optional<Object> usual) {
        if (type instanceof ScalarType<?> scalar) {
            return Optional.of(scalar(scalar, usual));
        }
        if (type instanceof LimitType<?> limit) {
            return Optional.of(scalar(limit.bound(), usual.filter(value -> !value.equals("unlimited"))));
        }
        if (type instanceof ListType<?> list) {
            return of(list.element(), Optional.empty()).<Object>map(element -> List.of(element));
        }
        if (type instanceof MapType<?> map) {
            return Optional.of(Map.of("name", scalar(map.value(), Optional.empty())));
        }
        if (type instanceof SectionType section) {
            return Optional.of(section(section.section()));
        }
        return type instanceof PartType part ? part(part) : Optional.empty();
    }

    private Object scalar(ScalarType<?> type, Optional<Object> usual) {
        if (!type.choices().isEmpty()) {
            return type.choices().stream()
                    .filter(choice -> !usual.equals(Optional.of(choice)))
                    .findFirst()
                    .orElse(type.choices().get(0));
        }
        return switch (type.json()) {
            case BOOLEAN -> !usual.equals(Optional.of(true));
            case INTEGER -> number(type.expected(), usual);
            case STRING -> text(type.expected(), usual);
        };
    }

    /** Returns twice the default where that is allowed, or else a number that is. */
    private static Object number(String expected, Optional<Object> usual) {
        Matcher range = RANGE.matcher(expected);
        if (!range.matches()) {
            return usual.orElse(USUAL);
        }
        long min = Long.parseLong(range.group(1));
        long max = range.group(2) == null ? Long.MAX_VALUE : Long.parseLong(range.group(2));
        long wanted = usual.map(value -> 2 * ((Number) value).longValue())
                .filter(value -> value != 0)
                .orElse(USUAL);
        if (wanted <= max) {
            return Math.max(wanted, min);
        }
        return usual.orElse(max);
    }

    private Object text(String expected, Optional<Object> usual) {
        Optional<Object> written = texts.of(expected);
        if (written.isPresent()) {
            return written.get();
        }
        Matcher size = SIZE.matcher(usual.map(String::valueOf).orElse(""));
        if (expected.startsWith("a size ") && size.matches()) {
            return 2 * Long.parseLong(size.group(1)) + size.group(2);
        }
        Matcher suchAs = SUCH_AS.matcher(expected);
        if (suchAs.find()) {
            return suchAs.group(1);
        }
        return usual.orElse(expected);
    }

    /** Returns a section with what it requires, or with the first of its options where it requires nothing. */
    private Map<String, Object> section(Section section) {
        Map<String, Object> tree = new LinkedHashMap<>();
        section.options().stream()
                .filter(Option::isRequired)
                .forEach(option -> of(section, option).ifPresent(example -> tree.put(option.name(), example)));
        if (tree.isEmpty()) {
            Option<?> first = section.options().get(0);
            of(section, first).ifPresent(example -> tree.put(first.name(), example));
        }
        return tree;
    }

    /** Returns the first that needs no settings, by its name, or else the first with those that it needs. */
    private Optional<Object> part(PartType type) {
        List<PartFactory<?>> factories = parts.ofKind(type.kind());
        Optional<PartFactory<?>> plain = factories.stream()
                .filter(factory -> factory.section().options().stream().noneMatch(Option::isRequired))
                .findFirst();
        if (plain.isPresent()) {
            return plain.<Object>map(PartFactory::name);
        }
        return factories.stream().findFirst().<Object>map(factory -> {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put(PartType.TYPE_KEY, factory.name());
            tree.putAll(section(factory.section()));
            return tree;
        });
    }
}
