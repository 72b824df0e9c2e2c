package io.lb4j.config;

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

    /** Nothing by default. */
    @Override
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Makes a part. */
    T create(Settings settings);
}
