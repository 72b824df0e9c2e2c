package io.lb4j.discovery.kubernetes;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a watch has fallen silent while its server is there: as where a connection is dead and nobody has said so. What is watched is compared
 * with what is listed; a difference is nothing, since either may be ahead, unless it is still there the next time and what is watched has not
 * moved in between. Confined to one task at a time.
 */
final class SliceLag {
    private static final int FEW = 500; // slices, which are a megabyte of versions, or so
    private static final int SPARING = 10;

    private final Map<String, String> suspected = new HashMap<>(); // names, and the versions that were watched

    /**
     * Returns of how many probes one asks for the versions: where there are many slices, these are too much to be asked for each time, so as many as
     * few slices have are asked for in each on average. One in ten is the least.
     */
    static int probesFor(int slices) {
        return Math.min(SPARING, Math.max(1, (slices + FEW - 1) / FEW));
    }

    /**
     * Compares.
     *
     * @param listed versions by name, as they were just before
     * @param watched versions by name, as they are now
     * @return whether the watch is behind for good
     */
    boolean isBehind(Map<String, String> listed, Map<String, String> watched) {
        Map<String, String> different = new HashMap<>();
        listed.forEach((name, version) -> {
            String known = watched.getOrDefault(name, "");
            if (!known.equals(version)) {
                different.put(name, known);
            }
        });
        watched.forEach((name, version) -> {
            if (!listed.containsKey(name)) {
                different.put(name, version);
            }
        });
        boolean isBehind = different.entrySet().stream()
                .anyMatch(each -> Objects.equals(each.getValue(), suspected.get(each.getKey())));
        suspected.clear();
        suspected.putAll(different);
        return isBehind;
    }

    /** Returns whether there was a difference the last time. */
    boolean isSuspected() {
        return !suspected.isEmpty();
    }
}
