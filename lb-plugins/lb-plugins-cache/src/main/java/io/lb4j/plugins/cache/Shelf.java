package io.lb4j.plugins.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.lb4j.http.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Where responses are kept, up to a number of octets; those that are seldom asked for go first. Thread-safe: looking up takes no lock, and what
 * is done under a lock is the exchange of one small list for another.
 */
final class Shelf {
    private final Cache<String, Variants> index;
    private final Cache<String, Resource> resources;
    private final int maxVariants;
    private final Figures figures;

    Shelf(long maxOctets, int maxVariants, Figures figures) {
        this.maxVariants = maxVariants;
        this.figures = figures;
        index = Caffeine.newBuilder()
                .maximumWeight(maxOctets)
                .weigher((String key, Variants variants) -> variants.weight())
                .executor(Runnable::run)
                .evictionListener((key, variants, cause) -> {
                    if (variants != null) {
                        figures.evicted(variants);
                    }
                })
                .build();
        // A resource is known as long as somebody keeps, or waits for, a response of it.
        resources = Caffeine.newBuilder().weakValues().executor(Runnable::run).build();
    }

    /** Returns the latest response for a request, or null. */
    @Nullable Stored find(String key, Fields request) {
        Variants variants = index.getIfPresent(key);
        Stored found = variants == null ? null : variants.select(request);
        if (found != null && !found.resource().isCurrent()) {
            remove(key, found);
            return null;
        }
        return found;
    }

    /** Keeps a response, unless its resource has changed since it was asked for. */
    void put(String key, Stored added) {
        if (!added.resource().isCurrent()) {
            return;
        }
        int[] change = new int[1];
        index.asMap().compute(key, (same, present) -> {
            Variants next = present == null ? Variants.of(key, added) : present.with(key, added, maxVariants);
            change[0] = next.weight() - (present == null ? 0 : present.weight());
            return next;
        });
        figures.grown(change[0]);
    }

    /** Forgets one response. */
    void remove(String key, Stored gone) {
        int[] change = new int[1];
        index.asMap().computeIfPresent(key, (same, present) -> {
            Variants next = present.without(key, gone);
            change[0] = (next == null ? 0 : next.weight()) - present.weight();
            return next;
        });
        figures.grown(change[0]);
    }

    /** Returns what a URI stands for now. */
    Resource resource(String uri) {
        return resources.get(uri, absent -> new Resource());
    }

    /** A resource has changed: what is kept of it, and what is under way, is not used any more. Returns whether there was anything. */
    boolean change(String uri) {
        Resource known = resources.asMap().remove(uri);
        if (known == null) {
            return false;
        }
        known.change();
        return true;
    }

    /** Forgets everything. */
    void clear() {
        for (Resource resource : resources.asMap().values()) {
            resource.change();
        }
        resources.invalidateAll();
        for (String key : index.asMap().keySet()) {
            Variants gone = index.asMap().remove(key);
            if (gone != null) {
                figures.grown(-gone.weight());
            }
        }
    }
}
