package io.lb4j.plugins.head;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.util.List;

/** Describes what is done to the fields of a head: first some are removed, then some set, added, and set where there is none. */
public final class FieldsBuilder extends PartBuilder<FieldsBuilder> {
    FieldsBuilder(Draft draft) {
        super(draft);
    }

    @Override
    protected FieldsBuilder self() {
        return this;
    }

    /** Removes fields. Default: none. */
    public FieldsBuilder remove(String... names) {
        return addTexts(FieldEdits.REMOVE, List.of(names), "remove");
    }

    /** Sets a field in place of those of its name. Default: none. */
    public FieldsBuilder set(String name, String value) {
        return put(FieldEdits.SET, name, value, "set");
    }

    /** Sets a field in place of those of its name; its value is not shown where the configuration is. Default: none. */
    public FieldsBuilder setSecret(String name, String value) {
        return put(FieldEdits.SECRET, name, value, "setSecret");
    }

    /** Adds a field beside those of its name. Default: none. */
    public FieldsBuilder add(String name, String value) {
        return put(FieldEdits.ADD, name, value, "add");
    }

    /** Adds a field where there is none of its name. Default: none. */
    public FieldsBuilder byDefault(String name, String value) {
        return put(FieldEdits.DEFAULT, name, value, "byDefault");
    }
}
