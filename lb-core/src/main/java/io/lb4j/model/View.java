package io.lb4j.model;

import io.lb4j.config.Settings;

/** A typed view over the settings of a section that have been checked. Immutable; equal if the settings, and so the section, are. */
abstract class View {
    private final Settings settings;

    View(Settings settings) {
        this.settings = settings;
    }

    /** Returns the settings, which know where each value came from. */
    public final Settings settings() {
        return settings;
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof View view && view.settings.equals(settings);
    }

    @Override
    public final int hashCode() {
        return settings.hashCode();
    }

    /** Returns the settings, secrets masked. */
    @Override
    public final String toString() {
        return settings.toString();
    }
}
