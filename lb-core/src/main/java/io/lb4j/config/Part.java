package io.lb4j.config;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of a configuration that is code: a balancing policy, a discovery, a plugin. It has a name, so that configurations can be
 * written, shown and compared. Immutable.
 *
 * <p>A part that a {@link PartFactory} makes equals another one of the same name with equal settings. A part that wraps an object equals
 * another one that wraps an equal object.
 */
public final class Part {
    private final String name;
    private final Optional<Settings> settings;
    private final @Nullable Object identity;
    private final Supplier<?> maker;

    private Part(String name, Optional<Settings> settings, @Nullable Object identity, Supplier<?> maker) {
        this.name = name;
        this.settings = settings;
        this.identity = identity;
        this.maker = maker;
    }

    /** Wraps an object; {@link #create} returns it each time. */
    public static Part of(String name, Object object) {
        return new Part(name, Optional.empty(), object, () -> object);
    }

    /** Names what a factory makes of settings; {@link #create} makes a new one each time. */
    public static Part of(PartFactory<?> factory, Settings settings) {
        return new Part(factory.name(), Optional.of(settings), null, () -> factory.create(settings));
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns what it is made with; empty for a part that wraps an object. */
    public Optional<Settings> settings() {
        return settings;
    }

    /** Returns what a wrapped object needs of the machine and does not find there. */
    Optional<String> missing() {
        return identity instanceof Prerequisite needs ? needs.missing() : Optional.empty();
    }

    /**
     * Returns the object: the wrapped one, or a new one.
     *
     * @throws IllegalStateException if it is of another type
     */
    public <T> T create(Class<T> type) {
        Object made = maker.get();
        if (!type.isInstance(made)) {
            throw new IllegalStateException(
                    "part " + name + ": " + made.getClass().getName() + " (expected: " + type.getName() + ")");
        }
        return type.cast(made);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Part part
                && part.name.equals(name)
                && part.settings.equals(settings)
                && Objects.equals(part.identity, identity);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, settings, identity);
    }

    @Override
    public String toString() {
        return name;
    }
}
