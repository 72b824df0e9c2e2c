package io.lb4j.server.source;

import io.lb4j.config.Fault;
import io.lb4j.config.Faults;
import io.lb4j.config.Node;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes one tree of what stands in several files: lists are put one behind the other, sections together, and a value may stand in one file
 * only.
 */
final class FileMerge {
    private FileMerge() {}

    /** Puts entries of the same key together. */
    static Node.Entries merge(Node.Entries entries, Faults faults) {
        return merge(entries, Scope.root(faults, PartCatalog.of(List.of())));
    }

    private static Node.Entries merge(Node.Entries entries, Scope scope) {
        Map<String, Node.Entry> merged = new LinkedHashMap<>();
        for (Node.Entry entry : entries.entries()) {
            Node.Entry first = merged.get(entry.key());
            Node.Entry both = first == null ? entry : together(first, entry, scope.at(entry.key()));
            merged.put(entry.key(), both);
        }
        return new Node.Entries(List.copyOf(merged.values()), entries.origin());
    }

    private static Node.Entry together(Node.Entry first, Node.Entry second, Scope scope) {
        if (first.value() instanceof Node.Items one && second.value() instanceof Node.Items other) {
            List<Node> nodes = new ArrayList<>(one.nodes());
            nodes.addAll(other.nodes());
            return new Node.Entry(first.key(), first.origin(), new Node.Items(nodes, one.origin()));
        }
        if (first.value() instanceof Node.Entries one && second.value() instanceof Node.Entries other) {
            List<Node.Entry> all = new ArrayList<>(one.entries());
            all.addAll(other.entries());
            Node.Entries whole = merge(new Node.Entries(all, one.origin()), scope);
            return new Node.Entry(first.key(), first.origin(), whole);
        }
        boolean isForm = !(first.value() instanceof Node.Scalar) && !(second.value() instanceof Node.Scalar);
        if (isForm) {
            String expected = "the same form in all files, list or names; see " + first.origin();
            scope.report(Fault.Code.CONFLICT, "in another form", expected, second.origin());
        } else {
            String expected = "each value in one file; it stands at " + first.origin() + " too";
            scope.report(Fault.Code.DUPLICATE, "a second time", expected, second.origin());
        }
        return first;
    }
}
