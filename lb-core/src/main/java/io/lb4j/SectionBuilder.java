package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import java.util.List;

/**
 * What all builders share: each setter puts one value, with its caller's line, under one option. Nothing is refused by a setter; all
 * faults come out together when the configuration is made. Confined to one thread.
 */
abstract class SectionBuilder<B extends SectionBuilder<B>> {
    private final Draft draft;

    SectionBuilder(Draft draft) {
        this.draft = draft;
    }

    abstract B self();

    final Draft draft() {
        return draft;
    }

    final <T> B set(Option<T> option, T value, String setter) {
        draft.set(option, value, origin(setter));
        return self();
    }

    /** Sets a value that is yet to be parsed, so that a text that is wrong is one fault among others. */
    final B setText(Option<?> option, String text, String setter) {
        draft.setText(option, text, origin(setter));
        return self();
    }

    final <E> B add(Option<List<E>> option, E element, String setter) {
        draft.add(option, element, origin(setter));
        return self();
    }

    final <E> B addTexts(Option<List<E>> option, List<String> texts, String setter) {
        Origin origin = origin(setter);
        texts.forEach(text -> draft.addText(option, text, origin));
        return self();
    }

    static Origin origin(String setter) {
        return Origin.setter(setter, SectionBuilder.class::isAssignableFrom);
    }
}
