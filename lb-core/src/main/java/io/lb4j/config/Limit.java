package io.lb4j.config;

import java.util.Optional;
import java.util.function.Function;

/**
 * A bound that may be absent. Immutable.
 *
 * @param <T> what is bounded: a count or a size as {@link Long}, a time as {@link java.time.Duration}
 */
public final class Limit<T> {
    private static final Limit<?> UNLIMITED = new Limit<>(Optional.empty());

    private final Optional<T> value;

    private Limit(Optional<T> value) {
        this.value = value;
    }

    /** Returns a bound at a value, the value itself being allowed. */
    public static <T> Limit<T> of(T value) {
        return new Limit<>(Optional.of(value));
    }

    /** Returns the absence of a bound. */
    @SuppressWarnings("unchecked") // it holds no T
    public static <T> Limit<T> unlimited() {
        return (Limit<T>) UNLIMITED;
    }

    /** Returns whether there is no bound. */
    public boolean isUnlimited() {
        return value.isEmpty();
    }

    /** Returns the bound; empty where there is none. */
    public Optional<T> value() {
        return value;
    }

    /** Returns the bound, or what stands for its absence: {@code Long.MAX_VALUE}, for example. */
    public T orElse(T unlimited) {
        return value.orElse(unlimited);
    }

    /** Returns the same bound in another unit. */
    public <R> Limit<R> map(Function<? super T, ? extends R> unit) {
        return value.isEmpty() ? unlimited() : of(unit.apply(value.get()));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Limit<?> limit && limit.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** Returns the bound, or {@code unlimited}. */
    @Override
    public String toString() {
        return value.map(Object::toString).orElse("unlimited");
    }
}
