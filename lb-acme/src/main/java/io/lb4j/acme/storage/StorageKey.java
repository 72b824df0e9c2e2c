package io.lb4j.acme.storage;

import java.util.List;
import java.util.regex.Pattern;

/** What keys look like. */
final class StorageKey {
    private static final Pattern SEGMENT = Pattern.compile("[a-z0-9_+-][a-z0-9._+-]{0,200}");

    private StorageKey() {}

    /**
     * Returns the segments of a key.
     *
     * @throws IllegalArgumentException if it is none; so that no key leads out of a folder
     */
    static List<String> segments(String key) {
        List<String> segments = List.of(key.split("/", -1));
        for (String segment : segments) {
            if (!SEGMENT.matcher(segment).matches()) {
                throw new IllegalArgumentException("key: \"" + key + "\" (expected: segments of a-z 0-9 . _ + -)");
            }
        }
        return segments;
    }

    /** Returns the segments of a prefix, which ends with a slash. */
    static List<String> prefix(String prefix) {
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException("prefix: \"" + prefix + "\" (expected: one that ends with a slash)");
        }
        return segments(prefix.substring(0, prefix.length() - 1));
    }
}
