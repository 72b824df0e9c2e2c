package io.lb4j.config;

/** A check of a section that takes more than one option to make. */
@FunctionalInterface
public interface Rule {
    /**
     * Checks a section and reports what is wrong. An option that is faulty for itself is absent from the settings, and from those of
     * sections below, whether it is required or not: rules use {@link Settings#find}, and need not report it again.
     */
    void check(Settings settings, Scope scope);
}
