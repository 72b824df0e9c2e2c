package io.lb4j.discovery;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * What describes a registry in code: the very options that a configuration file has. Immutable: each setter of a subclass returns a changed
 * copy, and throws {@link ConfigurationException} for a value that a file may not have either.
 *
 * @param <B> the subclass
 */
public abstract class RegistrySettings<B extends RegistrySettings<B>> {
    private static final PartCatalog NO_PARTS = PartCatalog.of(List.of());

    private final Settings settings;

    /** For subclasses. */
    protected RegistrySettings(Settings settings) {
        this.settings = settings;
    }

    /** Returns the same with other settings. */
    protected abstract B with(Settings changed);

    /** Returns the settings, secrets masked in their text. */
    public final Settings settings() {
        return settings;
    }

    /**
     * Returns a copy with another value.
     *
     * @param setter the name of the method that was called
     */
    protected final <T> B set(Option<T> option, T value, String setter) {
        Draft draft = Draft.of(settings);
        draft.set(option, value, Origin.setter(setter, RegistrySettings.class::isAssignableFrom));
        return with(complete(draft));
    }

    /** Returns a copy whose list has one element more. */
    protected final <E> B add(Option<List<E>> option, E element, String setter) {
        List<E> longer = new ArrayList<>(settings.find(option).orElse(List.of()));
        longer.add(element);
        return set(option, longer, setter);
    }

    /** Returns a draft of another section that begins with what is set here under the options that both have. */
    public static Draft draft(Section section, Settings settings) {
        Draft draft = new Draft(section);
        for (Option<?> option : section.options()) {
            if (settings.section().options().contains(option) && settings.isSet(option)) {
                copy(option, settings, draft);
            }
        }
        return draft;
    }

    private static <T> void copy(Option<T> option, Settings from, Draft to) {
        from.find(option).ifPresent(value -> to.set(option, value, from.origin(option)));
    }

    /**
     * Checks a draft.
     *
     * @throws ConfigurationException with all faults
     */
    public static Settings complete(Draft draft) {
        Faults faults = new Faults();
        Settings completed = draft.complete(Scope.root(faults, NO_PARTS));
        faults.throwIfAny();
        return completed;
    }

    /** Two are equal if their settings are. */
    @Override
    public final boolean equals(Object other) {
        return other instanceof RegistrySettings<?> registry && registry.settings.equals(settings);
    }

    @Override
    public final int hashCode() {
        return settings.hashCode();
    }

    @Override
    public final String toString() {
        return settings.toString();
    }
}
