package io.lb4j.server.life;

import io.lb4j.server.config.ServerConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is different between two configurations, value by value. A secret that has changed is among it, but neither what it was nor what it is. */
public final class Difference {
    private final List<Change> changes = new ArrayList<>();

    private Difference() {}

    /**
     * One value.
     *
     * @param path where it stands
     * @param before what it was; empty if there was none
     * @param after what it is; empty if there is none
     */
    public record Change(String path, Optional<Object> before, Optional<Object> after) {}

    /** Stands for a secret: it looks like all others, and is equal to those of the same value. */
    private static final class Masked {
        private final Object secret;

        Masked(Object secret) {
            this.secret = secret;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Masked masked && masked.secret.equals(secret);
        }

        @Override
        public int hashCode() {
            return secret.hashCode();
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    /** Returns the changes from one configuration to another, in the order of their options. */
    public static List<Change> between(ServerConfiguration before, ServerConfiguration after) {
        return between(before.toTree(Masked::new), after.toTree(Masked::new));
    }

    /** Returns the changes from one tree to another, in the order of the trees. */
    public static List<Change> between(Map<String, Object> before, Map<String, Object> after) {
        Difference difference = new Difference();
        difference.compare("", before, after);
        return List.copyOf(difference.changes);
    }

    private void compare(String path, Object before, Object after) {
        if (before.equals(after)) {
            return;
        }
        Optional<Map<String, Object>> one = entriesOf(before);
        Optional<Map<String, Object>> other = entriesOf(after);
        if (one.isEmpty() || other.isEmpty()) {
            changes.add(new Change(path, Optional.of(before), Optional.of(after)));
            return;
        }
        Map<String, Object> added = new LinkedHashMap<>(other.get());
        one.get().forEach((key, value) -> {
            Object next = added.remove(key);
            if (next == null) {
                changes.add(new Change(below(path, key), Optional.of(value), Optional.empty()));
            } else {
                compare(below(path, key), value, next);
            }
        });
        added.forEach((key, value) -> changes.add(new Change(below(path, key), Optional.empty(), Optional.of(value))));
    }

    private static String below(String path, String key) {
        return path.isEmpty() || key.startsWith("[") ? path + key : path + "." + key;
    }

    /** Returns a section's entries by their keys, a list's by their names, or their numbers where they have none; empty for a value. */
    private static Optional<Map<String, Object>> entriesOf(Object value) {
        Map<String, Object> entries = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> entries.put((String) key, each));
            return Optional.of(entries);
        }
        if (!(value instanceof List<?> list)) {
            return Optional.empty();
        }
        for (Object each : list) {
            boolean isNamed = each instanceof Map<?, ?> section && section.get("name") instanceof String;
            String key = isNamed ? (String) ((Map<?, ?>) each).get("name") : "[" + entries.size() + "]";
            entries.put(key, each);
        }
        return Optional.of(entries);
    }
}
