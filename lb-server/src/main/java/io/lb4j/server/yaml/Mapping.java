package io.lb4j.server.yaml;

import io.lb4j.config.Fault;
import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import io.lb4j.config.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entries of one mapping as they come: each key once, and below them what is merged in. Confined to one thread. */
final class Mapping {
    private final Scope scope;
    private final Map<String, Node.Entry> own = new LinkedHashMap<>();
    private final List<Node> merged = new ArrayList<>();

    Mapping(Scope scope) {
        this.scope = scope;
    }

    /** Adds an entry, unless there is one of its key, which is reported. */
    void add(Node.Entry entry) {
        Node.Entry first = own.putIfAbsent(entry.key(), entry);
        if (first != null) {
            String expected = "each key once; it stands at " + lineOf(first.origin()) + " too";
            scope.at(entry.key()).report(Fault.Code.DUPLICATE, "a second time", expected, entry.origin());
        }
    }

    private static String lineOf(Origin origin) {
        return origin instanceof Origin.Place place ? "line " + place.line() : origin.toString();
    }

    /** Adds what stands behind a merge key: a section, or several, of which the earlier counts. */
    void merge(Node node) {
        if (node instanceof Node.Items items) {
            items.nodes().forEach(this::mergeOne);
            return;
        }
        mergeOne(node);
    }

    private void mergeOne(Node node) {
        if (node instanceof Node.Entries) {
            merged.add(node);
            return;
        }
        scope.at("<<").report(Fault.Code.WRONG_SHAPE, "no section", "a section, or a list of them", node.origin());
    }

    List<Node.Entry> entries() {
        Map<String, Node.Entry> all = new LinkedHashMap<>(own);
        for (Node node : merged) {
            ((Node.Entries) node).entries().forEach(entry -> all.putIfAbsent(entry.key(), entry));
        }
        return List.copyOf(all.values());
    }
}
