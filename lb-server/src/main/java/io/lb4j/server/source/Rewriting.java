package io.lb4j.server.source;

import io.lb4j.config.Fault;
import io.lb4j.config.Node;
import io.lb4j.config.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tree that is being brought into the form that the builders have, and how places in it are called in the file. Confined to one thread.
 */
final class Rewriting {
    private final Scope scope;
    private final Map<String, String> writtenAs = new LinkedHashMap<>();
    private Node.Entries root;

    Rewriting(Node.Entries root, Scope scope) {
        this.root = root;
        this.scope = scope;
    }

    Node.Entries root() {
        return root;
    }

    void put(Node.Entry entry) {
        root = Tree.with(root, entry);
    }

    /** Takes an entry away and returns it if it is a section; reports anything else. */
    Optional<Node.Entries> takeSection(String key) {
        Optional<Node.Entry> entry = Tree.find(root, key);
        root = Tree.without(root, key);
        Optional<Node.Entries> section = entry.map(Node.Entry::value)
                .filter(Node.Entries.class::isInstance)
                .map(Node.Entries.class::cast);
        if (entry.isPresent() && section.isEmpty()) {
            Node value = entry.get().value();
            if (!isReported(value)) {
                scope.at(key)
                        .report(
                                Fault.Code.WRONG_SHAPE,
                                "no section",
                                "a section \"" + key + "\"",
                                entry.get().origin());
            }
        }
        return section;
    }

    /** Reports what is wrong with a node, unless something is known to be: what stands in the place of one that cannot be used is no second mistake. */
    void report(String path, Fault.Code code, String seen, String expected, Node at) {
        if (!isReported(at)) {
            scope.faults().add(Fault.of(path, code, seen, expected, at.origin()));
        }
    }

    private boolean isReported(Node node) {
        return scope.faults().all().stream().anyMatch(fault -> fault.origin().equals(node.origin()));
    }

    /** Reports a key that a section does not have. */
    void reportUnknown(String section, Node.Entry entry, String expected, List<String> valid) {
        scope.at(section)
                .at(entry.key())
                .reportUnknown(Fault.Code.UNKNOWN_KEY, entry.key(), expected, valid, entry.origin());
    }

    /** Notes that what is below one path is called otherwise in the file. */
    void rename(String path, String written) {
        writtenAs.put(path, written);
    }

    /** Returns a path as the file has it. */
    String written(String path) {
        String longest = "";
        for (String prefix : writtenAs.keySet()) {
            boolean isBelow = path.equals(prefix) || path.startsWith(prefix + ".") || path.startsWith(prefix + "[");
            if (isBelow && prefix.length() > longest.length()) {
                longest = prefix;
            }
        }
        return longest.isEmpty() ? path : writtenAs.get(longest) + path.substring(longest.length());
    }
}
