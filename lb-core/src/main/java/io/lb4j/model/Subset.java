package io.lb4j.model;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Those endpoints of a cluster that have certain metadata: all of the names with these values. Under {@code tags}, a list with commas
 * between, one value that is the same is enough. Immutable.
 */
public final class Subset {
    private static final String TAGS = "tags";

    private final Map<String, String> metadata;
    private final boolean fallsBack;
    private final int hash; // asked for by each request

    /**
     * Creates a subset.
     *
     * @param metadata what endpoints must have
     * @param fallsBack whether the other endpoints serve where none of these can
     * @throws IllegalArgumentException if nothing is asked for
     */
    public Subset(Map<String, String> metadata, boolean fallsBack) {
        if (metadata.isEmpty()) {
            throw new IllegalArgumentException("subset: {} (expected: at least one name with its value)");
        }
        this.metadata = Map.copyOf(metadata);
        this.fallsBack = fallsBack;
        this.hash = this.metadata.hashCode();
    }

    /** Returns what endpoints must have. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** Returns whether the other endpoints serve where none of these can. */
    public boolean fallsBack() {
        return fallsBack;
    }

    /** Returns whether an endpoint is one of these. */
    public boolean contains(Endpoint endpoint) {
        for (Map.Entry<String, String> wanted : metadata.entrySet()) {
            String value = endpoint.metadata().get(wanted.getKey());
            if (value == null || !(value.equals(wanted.getValue()) || hasTag(wanted, value))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasTag(Map.Entry<String, String> wanted, String value) {
        return wanted.getKey().equals(TAGS)
                && Arrays.stream(value.split(",", -1))
                        .anyMatch(tag -> tag.strip().equals(wanted.getValue()));
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Subset subset
                        && subset.fallsBack == fallsBack
                        && subset.metadata.equals(metadata));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return new TreeMap<>(metadata).toString();
    }
}
