package io.lb4j.config;

import java.util.List;
import java.util.Optional;

/**
 * Makes parts of a configuration that are code. Modules and users bring their own; {@link PartCatalog#installed()} finds those that are
 * declared as services. Thread-safe.
 *
 * @param <T> what it makes
 */
public interface PartFactory<T> extends Prerequisite {
    /** Returns what kind of part it makes, as the option that takes it has it: {@code balance_policy}. */
    String kind();

    /** Returns the name that a configuration uses, in lower case with underscores. */
    String name();

    /** Returns the options that it takes; a section without options if there are none. */
    Section section();

    /** Returns those options, of {@link #section()}, whose values are names of clusters: a configuration is refused where one is not declared. None by default. */
    default List<Option<String>> clusterOptions() {
        return List.of();
    }

    /** Nothing by default. */
    @Override
    default Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * Looks at what the settings lead to on this machine, files above all, and reports what would keep the part from working. Asked when a configuration is checked that is not about to be put in
     * force; may block, and asks nobody over a network. There is nothing to look at by default.
     */
    default void inspect(Settings settings, Inspection inspection) {}

    /** Makes a part. */
    T create(Settings settings);
}
