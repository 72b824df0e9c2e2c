package io.lb4j.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
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
    private final Consumer<Inspection> inspector;
    private final List<Option<String>> clusterOptions;

    private Part(String name, Object object) {
        this.name = name;
        this.settings = Optional.empty();
        this.identity = object;
        this.maker = () -> object;
        this.inspector = inspection -> {};
        this.clusterOptions = List.of();
    }

    private Part(PartFactory<?> factory, Settings settings) {
        this.name = factory.name();
        this.settings = Optional.of(settings);
        this.identity = null;
        this.maker = () -> factory.create(settings);
        this.inspector = inspection -> factory.inspect(settings, inspection);
        this.clusterOptions = List.copyOf(factory.clusterOptions());
    }

    /** Wraps an object; {@link #create} returns it each time. */
    public static Part of(String name, Object object) {
        return new Part(name, object);
    }

    /** Names what a factory makes of settings; {@link #create} makes a new one each time. */
    public static Part of(PartFactory<?> factory, Settings settings) {
        return new Part(factory, settings);
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns what it is made with; empty for a part that wraps an object. */
    public Optional<Settings> settings() {
        return settings;
    }

    /** Returns the options whose values are names of clusters, as {@link PartFactory#clusterOptions} says; none of a wrapped object. */
    public List<Option<String>> clusterOptions() {
        return clusterOptions;
    }

    /** Returns what a wrapped object needs of the machine and does not find there. */
    Optional<String> missing() {
        return identity instanceof Prerequisite needs ? needs.missing() : Optional.empty();
    }

    /** Has its factory look at what its settings lead to, as {@link PartFactory#inspect} says; there is nothing to look at of a wrapped object. */
    public void inspect(Inspection inspection) {
        inspector.accept(inspection);
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
