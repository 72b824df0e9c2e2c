package io.lb4j.plugins.cache;

import io.lb4j.http.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The responses that one key has, the latest first; no two are for the same requests. Immutable. */
final class Variants {
    private final List<Stored> all;
    private final int weight;

    private Variants(List<Stored> all, int keyWeight) {
        this.all = List.copyOf(all);
        int sum = keyWeight;
        for (Stored stored : all) {
            sum += stored.weight();
        }
        weight = sum;
    }

    static Variants of(String key, Stored first) {
        return new Variants(List.of(first), keyWeight(key));
    }

    private static int keyWeight(String key) {
        return 2 * key.length();
    }

    List<Stored> all() {
        return all;
    }

    int weight() {
        return weight;
    }

    /** Returns the latest response that may be used for a request, or null if there is none. */
    @Nullable Stored select(Fields request) {
        for (Stored stored : all) {
            if (stored.selection().matches(request)) {
                return stored;
            }
        }
        return null;
    }

    /** Returns these with another one before them, in the place of those for the same requests; those at the end go where there are too many. */
    Variants with(String key, Stored added, int max) {
        List<Stored> kept = new ArrayList<>();
        kept.add(added);
        for (Stored stored : all) {
            boolean stays = !stored.selection().equals(added.selection())
                    && stored.resource().isCurrent();
            if (stays && kept.size() < max) {
                kept.add(stored);
            }
        }
        return new Variants(kept, keyWeight(key));
    }

    /** Returns these without one, or null if none is left. */
    @Nullable Variants without(String key, Stored gone) {
        List<Stored> kept = all.stream().filter(stored -> stored != gone).toList();
        return kept.isEmpty() ? null : new Variants(kept, keyWeight(key));
    }
}
