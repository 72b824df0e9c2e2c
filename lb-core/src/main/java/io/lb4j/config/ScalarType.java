package io.lb4j.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The type of a value that is written as one piece of text. Immutable.
 *
 * @param <T> the values' type
 */
public final class ScalarType<T> extends OptionType<T> {
    /** What a value becomes in JSON. */
    public enum Json {
        /** A text. */
        STRING,
        /** A whole number. */
        INTEGER,
        /** True or false. */
        BOOLEAN
    }

    private final Class<T> valueClass;
    private final Json json;
    private final String expected;
    private final Function<String, T> parser;
    private final Function<T, String> writer;
    private final List<Condition<T>> conditions;
    private final List<String> choices;

    ScalarType(
            Class<T> valueClass, Json json, String expected, Function<String, T> parser, Function<T, String> writer) {
        this(valueClass, json, expected, parser, writer, List.of(), List.of());
    }

    private ScalarType(
            Class<T> valueClass,
            Json json,
            String expected,
            Function<String, T> parser,
            Function<T, String> writer,
            List<Condition<T>> conditions,
            List<String> choices) {
        this.valueClass = valueClass;
        this.json = json;
        this.expected = expected;
        this.parser = parser;
        this.writer = writer;
        this.conditions = List.copyOf(conditions);
        this.choices = choices;
    }

    /**
     * What holds for values.
     *
     * @param expected what is said where it does not
     */
    private record Condition<T>(Predicate<T> holds, String expected) {}

    /** Returns the type without those values that the predicate does not hold for, which becomes what is expected in general. */
    ScalarType<T> where(Predicate<T> condition, String expectation) {
        return new ScalarType<>(
                valueClass, json, expectation, parser, writer, and(new Condition<>(condition, expectation)), choices);
    }

    /** Returns the type without those values that the predicate does not hold for, which is worth a word only where one does not. */
    ScalarType<T> butOnly(Predicate<T> condition, String expectation) {
        return new ScalarType<>(
                valueClass, json, expected, parser, writer, and(new Condition<>(condition, expectation)), choices);
    }

    private List<Condition<T>> and(Condition<T> condition) {
        List<Condition<T>> all = new ArrayList<>(conditions);
        all.add(condition);
        return all;
    }

    /** Returns the type with the texts that are all there are. */
    ScalarType<T> withChoices(List<String> texts) {
        return new ScalarType<>(valueClass, json, expected, parser, writer, conditions, List.copyOf(texts));
    }

    /** Returns what a value becomes in JSON. */
    public Json json() {
        return json;
    }

    /** Returns the texts that are valid, where there is only a few of them; otherwise an empty list. */
    public List<String> choices() {
        return choices;
    }

    @Override
    public String expected() {
        return expected;
    }

    /** Returns the value as a configuration file would have it. */
    public String write(T value) {
        return writer.apply(value);
    }

    @Override
    @Nullable Object read(Node node, Scope scope) {
        if (node instanceof Node.Scalar) {
            return node;
        }
        reportShape(node, scope);
        return null;
    }

    @Override
    @Nullable T complete(Object raw, Origin origin, Scope scope) {
        T value = raw instanceof Node.Scalar scalar
                ? located(parse(scalar.text(), origin, scope), origin)
                // A text from a setter has to be as good as one from a file.
                : raw instanceof String text ? parse(text, origin, scope) : valueClass.cast(raw);
        if (value == null) {
            return null;
        }
        for (Condition<T> condition : conditions) {
            if (!condition.holds().test(value)) {
                scope.report(Fault.Code.INVALID, seen(writer.apply(value)), condition.expected(), origin);
                return null;
            }
        }
        return value;
    }

    /** A path in a file counts from the file. */
    private @Nullable T located(@Nullable T value, Origin origin) {
        return value instanceof Path path && origin instanceof Origin.Place place
                ? valueClass.cast(place.resolve(path))
                : value;
    }

    private @Nullable T parse(String text, Origin origin, Scope scope) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            Optional<String> nearest = NearestName.of(text, choices);
            String seen = Text.quote(text);
            scope.faults().add(new Fault(scope.path(), Fault.Code.INVALID, seen, expectation(e), origin, nearest));
            return null;
        }
    }

    /** A parser of ours says in its message what it expected in detail; other messages repeat the value, or speak of insides. */
    private String expectation(Exception e) {
        String message = e.getMessage();
        if (message == null || e.getClass() != IllegalArgumentException.class || message.contains("(expected: ")) {
            return expected;
        }
        return message;
    }

    private String seen(String text) {
        return json == Json.STRING ? Text.quote(text) : text;
    }

    @Override
    Object render(T value, UnaryOperator<Object> mask) {
        return switch (json) {
            case STRING -> writer.apply(value);
            case INTEGER -> Long.valueOf(writer.apply(value));
            case BOOLEAN -> Boolean.valueOf(writer.apply(value));
        };
    }
}
