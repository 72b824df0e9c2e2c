package io.lb4j.plugins.cache;

import io.lb4j.spi.PluginContext;
import io.lb4j.spi.PluginContext.Metric;

/** What {@code stats()} shows of a cache. Thread-safe. */
final class Figures {
    /** What became of a request. */
    enum Fate {
        /** It was answered from what is kept and fresh. */
        HIT("hits"),
        /** It went to an endpoint, for nothing was kept that would do. */
        MISS("misses"),
        /** It was answered from what is kept and stale. */
        STALE("stale"),
        /** It was answered from what is kept after an endpoint had said that this has not changed. */
        REVALIDATED("revalidated"),
        /** It went by: it is none that is answered from a cache. */
        BYPASS("bypassed");

        private final String figure;

        Fate(String figure) {
            this.figure = figure;
        }
    }

    private final Metric[] fates = new Metric[Fate.values().length];
    private final Metric stored;
    private final Metric unstored;
    private final Metric evicted;
    private final Metric invalidated;
    private final Metric collapsed;
    private final Metric refreshed;
    private final Metric octets;

    Figures(PluginContext context) {
        for (Fate fate : Fate.values()) {
            fates[fate.ordinal()] = context.metric(fate.figure);
        }
        stored = context.metric("stored");
        unstored = context.metric("unstored");
        evicted = context.metric("evicted");
        invalidated = context.metric("invalidated");
        collapsed = context.metric("collapsed");
        refreshed = context.metric("refreshed");
        octets = context.metric("octets");
    }

    void count(Fate fate) {
        fates[fate.ordinal()].add(1);
    }

    void stored() {
        stored.add(1);
    }

    /** A response that might have been kept was not: it was too large, cut, or too much was under way. */
    void unstored() {
        unstored.add(1);
    }

    void evicted(Variants gone) {
        evicted.add(gone.all().size());
        octets.add(-gone.weight());
    }

    void invalidated() {
        invalidated.add(1);
    }

    /** A request was answered with what another one has brought. */
    void collapsed() {
        collapsed.add(1);
    }

    /** An endpoint is asked for what is stale, by nobody's request. */
    void refreshed() {
        refreshed.add(1);
    }

    void grown(long more) {
        octets.add(more);
    }
}
