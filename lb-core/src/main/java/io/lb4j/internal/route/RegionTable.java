package io.lb4j.internal.route;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A hash table that is asked with a region of a text, so that no key has to be cut out of a request. Open addressing, at most half full.
 * Immutable. Keys come from the configuration alone, so that nobody can choose them to collide.
 */
final class RegionTable<V> {
    private final String[] keys;
    private final @Nullable Object[] values;
    private final boolean[] taken;
    private final int mask;
    private final boolean ignoreCase;
    private final boolean empty;

    /**
     * Fills a table.
     *
     * @param entries in lower case where case is to be ignored
     * @param ignoreCase whether ASCII letters are compared without regard to case
     */
    RegionTable(Map<String, V> entries, boolean ignoreCase) {
        int capacity = Integer.highestOneBit(Math.max(1, entries.size()) * 4 - 1);
        this.keys = new String[capacity];
        this.values = new Object[capacity];
        this.taken = new boolean[capacity];
        this.mask = capacity - 1;
        this.ignoreCase = ignoreCase;
        this.empty = entries.isEmpty();
        entries.forEach(this::put);
    }

    private void put(String key, V value) {
        int slot = hash(key, 0, key.length()) & mask;
        while (taken[slot]) {
            slot = (slot + 1) & mask;
        }
        keys[slot] = key;
        values[slot] = value;
        taken[slot] = true;
    }

    boolean isEmpty() {
        return empty;
    }

    /** Returns the value of the key that equals the region, or null. */
    @SuppressWarnings("unchecked") // only put fills the array
    @Nullable V find(String text, int start, int end) {
        if (empty) {
            return null;
        }
        int slot = hash(text, start, end) & mask;
        while (taken[slot]) {
            String key = keys[slot];
            if (key.length() == end - start && key.regionMatches(ignoreCase, 0, text, start, end - start)) {
                return (V) values[slot];
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    private int hash(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            hash = 31 * hash + (ignoreCase && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        }
        // The low bits choose the slot, and those of a polynomial hash depend on the last characters only.
        return hash ^ (hash >>> 15);
    }
}
