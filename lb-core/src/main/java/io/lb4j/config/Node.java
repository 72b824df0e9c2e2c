package io.lb4j.config;

import java.util.List;

/**
 * A piece of a configuration as a file has it, before anything is known of its meaning: the form that a YAML parser, or any other,
 * hands over. Immutable.
 */
public sealed interface Node {
    /** Returns where it stands. */
    Origin origin();

    /**
     * A single value, whatever its type.
     *
     * @param text the value as it was written, quotation marks removed
     * @param isQuoted whether there were quotation marks, so that it is a text whatever it looks like
     */
    record Scalar(String text, Origin origin, boolean isQuoted) implements Node {
        /** Creates a value that stands without quotation marks. */
        public Scalar(String text, Origin origin) {
            this(text, origin, false);
        }
    }

    /**
     * A list.
     *
     * @param nodes the elements in order
     */
    record Items(List<Node> nodes, Origin origin) implements Node {
        /** Copies the list. */
        public Items {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Keys with values.
     *
     * @param entries the entries in order; a key that stands there twice is reported when they are read
     */
    record Entries(List<Entry> entries, Origin origin) implements Node {
        /** Copies the list. */
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A key with its value.
     *
     * @param key as it was written
     * @param origin where the key stands
     */
    record Entry(String key, Origin origin, Node value) {}
}
