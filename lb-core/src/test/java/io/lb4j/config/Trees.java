package io.lb4j.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes nodes of what a test writes as maps, lists and texts; each entry stands on a line of its own, in the file {@code lb.yaml}. */
public final class Trees {
    private int line;

    private Trees() {}

    /** Returns the node of a map, a list, or anything else by its text. */
    public static Node node(Object value) {
        return new Trees().make(value);
    }

    /** Returns a map of keys, each followed by its value, in this order. */
    public static Map<String, Object> map(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    private Node make(Object value) {
        Origin origin = new Origin.Place("lb.yaml", Math.max(line, 1), 1);
        if (value instanceof Map<?, ?> map) {
            List<Node.Entry> entries = new ArrayList<>();
            map.forEach((key, each) -> {
                line++;
                entries.add(new Node.Entry((String) key, new Origin.Place("lb.yaml", line, 1), make(each)));
            });
            return new Node.Entries(entries, origin);
        }
        if (value instanceof List<?> list) {
            return new Node.Items(list.stream().map(this::make).toList(), origin);
        }
        return new Node.Scalar(value.toString(), origin);
    }
}
