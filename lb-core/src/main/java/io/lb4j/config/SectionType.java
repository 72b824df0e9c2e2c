package io.lb4j.config;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The type of a nested section. Immutable. */
public final class SectionType extends OptionType<Settings> {
    private final Section section;

    SectionType(Section section) {
        this.section = section;
    }

    /** Returns the section. */
    public Section section() {
        return section;
    }

    @Override
    public String expected() {
        return "a section \"" + section.name() + "\""
                + section.shorthand().map(form -> ", or " + form.expected()).orElse("");
    }

    /** Returns what a list of such sections looks like. */
    String expectedAsList() {
        return "a list of sections \"" + section.name() + "\""
                + section.shorthand().map(form -> ", or of " + form.expected()).orElse("")
                + section.key().map(name -> "; or such sections by their names").orElse("");
    }

    @Override
    @Nullable Object read(Node node, Scope scope) {
        Draft draft = new Draft(section);
        if (node instanceof Node.Entries entries) {
            draft.read(entries, scope);
            return draft;
        }
        if (node instanceof Node.Scalar scalar && section.shorthand().isPresent()) {
            Shorthand form = section.shorthand().get();
            if (form.fill(draft, scalar.text(), scalar.origin())) {
                return draft;
            }
        }
        reportShape(node, scope);
        return null;
    }

    @Override
    Object raw(Settings value, Origin origin) {
        return Draft.of(value);
    }

    @Override
    Settings complete(Object raw, Origin origin, Scope scope) {
        return ((Draft) raw).complete(scope);
    }

    @Override
    Object render(Settings value, UnaryOperator<Object> mask) {
        return value.toTree(mask);
    }
}
