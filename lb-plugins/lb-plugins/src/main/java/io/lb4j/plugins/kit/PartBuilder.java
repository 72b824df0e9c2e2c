package io.lb4j.plugins.kit;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Describes a plugin, or a part of one, in code, by the very options that a configuration file has. Setters refuse nothing: all faults come out together when the
 * description is finished. Confined to one thread.
 *
 * @param <B> the subclass
 */
public abstract class PartBuilder<B extends PartBuilder<B>> {
    private static final PartCatalog NO_PARTS = PartCatalog.of(List.of());

    private final Draft draft;

    /** For subclasses. */
    protected PartBuilder(Draft draft) {
        this.draft = draft;
    }

    /** Returns this. */
    protected abstract B self();

    /**
     * Has a builder described and makes the part of it.
     *
     * @param description sets what is not to be as by default
     * @throws ConfigurationException with all faults, each with its place below the plugin's name
     */
    public static <B extends PartBuilder<B>> Part part(
            PartFactory<?> factory, B builder, Consumer<? super B> description) {
        description.accept(builder);
        PartBuilder<B> described = builder;
        Faults faults = new Faults();
        Scope scope = Scope.root(faults, NO_PARTS).at(factory.name());
        Settings settings = described.draft.complete(scope);
        faults.throwIfAny();
        return Part.of(factory, settings);
    }

    /** Returns what has been described so far. */
    protected final Draft draft() {
        return draft;
    }

    /** Sets a value. */
    protected final <T> B set(Option<T> option, T value, String setter) {
        draft.set(option, value, origin(setter));
        return self();
    }

    /** Sets a value that is yet to be parsed. */
    protected final B setText(Option<?> option, String text, String setter) {
        draft.setText(option, text, origin(setter));
        return self();
    }

    /** Adds values that are yet to be parsed to a list. */
    protected final <E> B addTexts(Option<List<E>> option, List<String> texts, String setter) {
        Origin origin = origin(setter);
        texts.forEach(text -> draft.addText(option, text, origin));
        return self();
    }

    /** Adds an entry to a map. */
    protected final <V> B put(Option<Map<String, V>> option, String key, V value, String setter) {
        draft.put(option, key, value, origin(setter));
        return self();
    }

    /** Adds an entry whose value is yet to be parsed to a map. */
    protected final B putText(Option<? extends Map<String, ?>> option, String key, String text, String setter) {
        draft.putText(option, key, text, origin(setter));
        return self();
    }

    /** Returns the draft of a section below this one. */
    protected final Draft nested(Option<Settings> option, String setter) {
        return draft.section(option, origin(setter));
    }

    private static Origin origin(String setter) {
        return Origin.setter(setter, PartBuilder.class::isAssignableFrom);
    }
}
