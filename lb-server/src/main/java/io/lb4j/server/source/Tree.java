package io.lb4j.server.source;

import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Takes sections apart, and makes others of their pieces. */
final class Tree {
    private Tree() {}

    /** Returns the entry under a key. */
    static Optional<Node.Entry> find(Node.Entries section, String key) {
        return section.entries().stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst();
    }

    /** Returns the text under a key. */
    static Optional<String> text(Node.Entries section, String key) {
        return find(section, key)
                .map(Node.Entry::value)
                .filter(Node.Scalar.class::isInstance)
                .map(value -> ((Node.Scalar) value).text());
    }

    /** Returns the section under a key. */
    static Optional<Node.Entries> section(Node.Entries section, String key) {
        return find(section, key)
                .map(Node.Entry::value)
                .filter(Node.Entries.class::isInstance)
                .map(Node.Entries.class::cast);
    }

    /** Returns a section without some keys. */
    static Node.Entries without(Node.Entries section, String... keys) {
        List<String> gone = List.of(keys);
        List<Node.Entry> rest = section.entries().stream()
                .filter(entry -> !gone.contains(entry.key()))
                .toList();
        return new Node.Entries(rest, section.origin());
    }

    /** Returns a section with some keys alone. */
    static Node.Entries only(Node.Entries section, Collection<String> keys) {
        List<Node.Entry> some = section.entries().stream()
                .filter(entry -> keys.contains(entry.key()))
                .toList();
        return new Node.Entries(some, section.origin());
    }

    /** Returns a section with an entry in place of the one under its key, or at the end. */
    static Node.Entries with(Node.Entries section, Node.Entry entry) {
        List<Node.Entry> entries = new ArrayList<>();
        boolean isNew = true;
        for (Node.Entry each : section.entries()) {
            boolean isThis = each.key().equals(entry.key());
            entries.add(isThis ? entry : each);
            isNew &= !isThis;
        }
        if (isNew) {
            entries.add(entry);
        }
        return new Node.Entries(entries, section.origin());
    }

    /** Returns an entry with a text. */
    static Node.Entry entry(String key, String text, Origin origin) {
        return new Node.Entry(key, origin, new Node.Scalar(text, origin));
    }

    /** Returns a section of some entries. */
    static Node.Entries section(Origin origin, Node.Entry... entries) {
        return new Node.Entries(List.of(entries), origin);
    }

    /** Returns a list and one more element. */
    static Node.Items appended(Optional<Node> list, Node element, Origin origin) {
        List<Node> nodes = new ArrayList<>();
        list.ifPresent(node -> {
            if (node instanceof Node.Items items) {
                nodes.addAll(items.nodes());
            } else {
                nodes.add(node);
            }
        });
        nodes.add(element);
        return new Node.Items(nodes, list.map(Node::origin).orElse(origin));
    }
}
