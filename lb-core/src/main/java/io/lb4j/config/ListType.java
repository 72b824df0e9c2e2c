package io.lb4j.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The type of a list. Where its elements are sections that have a name, names are unique, stand in the paths of faults, and the list may
 * be written as a map from name to section. Immutable.
 *
 * @param <E> the elements' type
 */
public final class ListType<E> extends OptionType<List<E>> {
    /** Stands for an element of the wrong shape, so that the list is not taken for a shorter one. */
    private enum Unreadable {
        ELEMENT
    }

    private final OptionType<E> element;

    ListType(OptionType<E> element) {
        this.element = element;
    }

    /** Returns the elements' type. */
    public OptionType<E> element() {
        return element;
    }

    @Override
    public String expected() {
        if (element instanceof SectionType sections) {
            return sections.expectedAsList();
        }
        return "a list of: " + element.expected();
    }

    @Override
    @Nullable Object read(Node node, Scope scope) {
        if (node instanceof Node.Items items) {
            return readItems(items, scope);
        }
        Optional<Option<String>> key = key();
        if (key.isPresent() && node instanceof Node.Entries entries) {
            return readEntries(entries, key.get(), scope);
        }
        if (key.isEmpty() && node instanceof Node.Scalar) {
            // One value for a list of one.
            return readItems(new Node.Items(List.of(node), node.origin()), scope);
        }
        reportShape(node, scope);
        return null;
    }

    private List<Raw> readItems(Node.Items items, Scope scope) {
        List<Raw> raws = new ArrayList<>();
        for (int i = 0; i < items.nodes().size(); i++) {
            Node node = items.nodes().get(i);
            Object raw = element.read(node, scope.at(i));
            raws.add(new Raw(raw == null ? Unreadable.ELEMENT : raw, node.origin()));
        }
        return raws;
    }

    private List<Raw> readEntries(Node.Entries entries, Option<String> key, Scope scope) {
        List<Raw> raws = new ArrayList<>();
        for (Node.Entry entry : entries.entries()) {
            Object raw = element.read(entry.value(), scope.at(entry.key()));
            if (raw instanceof Draft draft) {
                draft.set(key, entry.key(), entry.origin());
            }
            raws.add(new Raw(raw == null ? Unreadable.ELEMENT : raw, entry.origin()));
        }
        return raws;
    }

    @Override
    Object raw(List<E> value, Origin origin) {
        List<Raw> raws = new ArrayList<>();
        value.forEach(each -> raws.add(new Raw(element.raw(each, origin), origin)));
        return raws;
    }

    @Override
    @Nullable List<E> complete(Object raw, Origin origin, Scope scope) {
        List<E> values = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int index = 0;
        boolean whole = true;
        for (Object item : (List<?>) raw) {
            Raw each = (Raw) item;
            int number = index++;
            E value = each.value() == Unreadable.ELEMENT
                    ? null
                    : element.complete(each.value(), each.origin(), placeOf(each, number, names, scope));
            if (value == null) {
                whole = false;
            } else {
                values.add(value);
            }
        }
        return whole ? List.copyOf(values) : null;
    }

    /** Returns where an element stands: at its name where it has one or is given one, which must not be taken. */
    private Scope placeOf(Raw item, int index, Set<String> names, Scope scope) {
        Option<String> key = key().orElse(null);
        if (key == null) {
            return scope.at(index);
        }
        Draft draft = (Draft) item.value();
        String name = draft.textOf(key).orElse("");
        if (name.isEmpty() && key.isRequired()) {
            return scope.at(index);
        }
        if (name.isEmpty()) {
            name = draft.section().name() + "-" + (index + 1);
            draft.set(key, name, Origin.byDefault());
        }
        if (!names.add(name)) {
            scope.at(name)
                    .at(key.name())
                    .report(Fault.Code.DUPLICATE, Text.quote(name), "a name of its own", draft.originOf(key));
        }
        return scope.at(name);
    }

    private Optional<Option<String>> key() {
        return element instanceof SectionType type ? type.section().key() : Optional.empty();
    }

    @Override
    Object render(List<E> value, UnaryOperator<Object> mask) {
        return value.stream().map(each -> element.render(each, mask)).toList();
    }
}
