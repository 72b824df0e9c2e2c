package io.lb4j.config;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What an option's values look like: how they are read, checked and rendered. Immutable. {@link OptionTypes} makes them.
 *
 * <p>A {@link Draft} keeps values in a raw form (a text that is not parsed, a section that is not complete); {@link #complete} makes a
 * value of it, once, when everything is there.
 *
 * @param <T> the values' type
 */
public abstract sealed class OptionType<T>
        permits ScalarType, LimitType, ListType, MapType, SectionType, PartType, TreeType {
    OptionType() {}

    /** Returns what a value looks like, for messages and documentation: {@code 0..65535}. */
    public abstract String expected();

    /**
     * Takes a node over in raw form.
     *
     * @return null if it has the wrong shape, which has then been reported
     */
    abstract @Nullable Object read(Node node, Scope scope);

    /** Returns a value in raw form: by default itself. */
    Object raw(T value, Origin origin) {
        return value;
    }

    /**
     * Makes a checked value of the raw form.
     *
     * @return null if it is not valid, which has then been reported
     */
    abstract @Nullable T complete(Object raw, Origin origin, Scope scope);

    /**
     * Returns the value as text, number, boolean, list or map, to be written as JSON or YAML.
     *
     * @param mask makes of a secret what stands in its place
     */
    abstract Object render(T value, UnaryOperator<Object> mask);

    /** Reports a node of the wrong shape. */
    final void reportShape(Node node, Scope scope) {
        String seen;
        if (node instanceof Node.Scalar scalar) {
            seen = Text.quote(scalar.text());
        } else {
            seen = node instanceof Node.Items ? "a list" : "a section";
        }
        scope.report(Fault.Code.WRONG_SHAPE, seen, expected(), node.origin());
    }
}
