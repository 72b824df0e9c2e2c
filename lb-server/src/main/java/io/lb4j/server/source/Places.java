package io.lb4j.server.source;

import io.lb4j.config.Node;
import io.lb4j.config.Origin;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where something would have to stand that is not there: at the innermost section around it that is. */
final class Places {
    private static final Pattern INDEX = Pattern.compile("\\[(\\d{1,9})]");

    private Places() {}

    /**
     * Returns the place of the innermost node on the way to a path.
     *
     * @param path as faults have it: keys, names and numbers in brackets
     */
    static Origin nearest(Node.Entries root, String path) {
        return nearest(root, root.origin(), path);
    }

    private static Origin nearest(Node node, Origin place, String path) {
        if (path.isEmpty()) {
            return place;
        }
        if (path.startsWith("[")) {
            return inList(node, place, path);
        }
        String rest = path.startsWith(".") ? path.substring(1) : path;
        if (node instanceof Node.Entries section) {
            for (Node.Entry entry : section.entries()) {
                // Names may hold dots: a key is a beginning of the path, not what stands before the first dot.
                if (isStep(rest, entry.key())) {
                    return nearest(
                            entry.value(),
                            entry.origin(),
                            rest.substring(entry.key().length()));
                }
            }
        }
        if (node instanceof Node.Items items) {
            return byName(items.nodes(), place, rest);
        }
        return place;
    }

    private static boolean isStep(String path, String key) {
        boolean ends = path.length() == key.length();
        return path.startsWith(key) && (ends || path.charAt(key.length()) == '.' || path.charAt(key.length()) == '[');
    }

    private static Origin inList(Node node, Origin place, String path) {
        Matcher step = INDEX.matcher(path);
        if (node instanceof Node.Items items && step.lookingAt()) {
            int index = Integer.parseInt(step.group(1));
            if (index < items.nodes().size()) {
                Node element = items.nodes().get(index);
                return nearest(element, element.origin(), path.substring(step.end()));
            }
        }
        return place;
    }

    /** Sections of a list are called by their names, or, without one, by what they are and their number. */
    private static Origin byName(List<Node> nodes, Origin place, String path) {
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            Optional<String> name =
                    node instanceof Node.Entries section ? Tree.text(section, "name") : Optional.empty();
            String step = name.orElse("");
            if (name.isEmpty()) {
                String number = "-" + (i + 1);
                int at = path.indexOf(number);
                step = at > 0 && path.substring(0, at).matches("[a-z]+") ? path.substring(0, at) + number : "";
            }
            if (!step.isEmpty() && isStep(path, step)) {
                return nearest(node, node.origin(), path.substring(step.length()));
            }
        }
        return place;
    }
}
