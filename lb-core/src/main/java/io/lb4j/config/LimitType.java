package io.lb4j.config;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The type of a bound: a value, or {@code unlimited}. Immutable.
 *
 * @param <T> the type of what is bounded
 */
public final class LimitType<T> extends OptionType<Limit<T>> {
    private static final String UNLIMITED = "unlimited";

    private final ScalarType<T> bound;

    LimitType(ScalarType<T> bound) {
        this.bound = bound;
    }

    /** Returns the type of the bound, where there is one. */
    public ScalarType<T> bound() {
        return bound;
    }

    @Override
    public String expected() {
        return bound.expected() + ", or " + UNLIMITED;
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
    @Nullable Limit<T> complete(Object raw, Origin origin, Scope scope) {
        Object inner = raw;
        if (raw instanceof Limit<?> limit) {
            if (limit.isUnlimited()) {
                return Limit.unlimited();
            }
            inner = limit.value().get();
        } else if (raw instanceof Node.Scalar scalar && scalar.text().equals(UNLIMITED)) {
            return Limit.unlimited();
        }
        T value = bound.complete(inner, origin, scope);
        return value == null ? null : Limit.of(value);
    }

    @Override
    Object render(Limit<T> value, UnaryOperator<Object> mask) {
        return value.value().map(each -> bound.render(each, mask)).orElse(UNLIMITED);
    }
}
