package io.lb4j.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The values of a section's options, defaults included. Immutable. Two are equal if they have the same section and the same values,
 * wherever these came from.
 */
public final class Settings {
    private final Section section;
    private final Map<Option<?>, Object> values;
    private final Map<Option<?>, Origin> origins;
    private final Set<Option<?>> faulty;

    Settings(Section section, Map<Option<?>, Object> values, Map<Option<?>, Origin> origins, Set<Option<?>> faulty) {
        this.section = section;
        this.values = Map.copyOf(values);
        this.origins = Map.copyOf(origins);
        this.faulty = Set.copyOf(faulty);
    }

    /**
     * Returns the settings of a section in which nothing is set.
     *
     * @throws ConfigurationException if something would have to be
     */
    public static Settings defaults(Section section) {
        Faults faults = new Faults();
        Settings settings = new Draft(section).complete(Scope.root(faults, PartCatalog.of(List.of())));
        faults.throwIfAny();
        return settings;
    }

    /** Returns the section. */
    public Section section() {
        return section;
    }

    /** Returns an option's value: what was set, or the default; empty if there is neither. */
    @SuppressWarnings("unchecked") // a draft puts under an option only what the option's type has made
    public <T> Optional<T> find(Option<T> option) {
        return Optional.ofNullable((T) values.get(option));
    }

    /**
     * Returns the value of an option that is required or has a default.
     *
     * @throws IllegalStateException if there is no value
     */
    public <T> T value(Option<T> option) {
        return find(option)
                .orElseThrow(() -> new IllegalStateException(section + "." + option + ": no value, and no default"));
    }

    /** Returns whether the option was set, even to its default or to a value that is not valid. */
    public boolean isSet(Option<?> option) {
        return origin(option) != Origin.byDefault() || faulty.contains(option);
    }

    /** Returns whether the option was set to a value that is not valid; only rules see such settings. */
    public boolean isFaulty(Option<?> option) {
        return faulty.contains(option);
    }

    /** Returns where an option's value came from. */
    public Origin origin(Option<?> option) {
        return origins.getOrDefault(option, Origin.byDefault());
    }

    /**
     * Returns the values in effect as texts, numbers, booleans, lists and maps, in the order of declaration: ready to be written as JSON
     * or YAML. Secrets are masked.
     */
    public Map<String, Object> toTree() {
        return toTree(secret -> "***");
    }

    /**
     * Returns the values in effect as {@link #toTree()} does, with something else in the place of secrets.
     *
     * @param mask is given each secret, and returns what stands in its place
     */
    public Map<String, Object> toTree(UnaryOperator<Object> mask) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (Option<?> option : section.options()) {
            render(option, mask).ifPresent(rendered -> tree.put(option.name(), rendered));
        }
        return Collections.unmodifiableMap(tree);
    }

    private <T> Optional<Object> render(Option<T> option, UnaryOperator<Object> mask) {
        return find(option).map(value -> option.render(value, mask));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settings settings && settings.section == section && settings.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return section + " " + toTree();
    }
}
