package io.lb4j.internal.observe;

import io.lb4j.internal.snapshot.PluginTraffic;
import io.lb4j.stats.LatencyStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The books of a plugin: one page for each event loop, added up when somebody reads; what is rare in figures that all share. */
public final class PluginCounters implements PluginTraffic {
    private final AtomicReferenceArray<@Nullable Page> pages;
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong timeouts = new AtomicLong();
    private final AtomicLong blocks = new AtomicLong();
    private final AtomicLong outages = new AtomicLong();

    /** What one event loop has counted; written by it alone. */
    private static final class Page {
        final AtomicLong calls = new AtomicLong();
        final AtomicLong shortCircuits = new AtomicLong();
        final Histogram latency = new Histogram();

        static void increment(AtomicLong figure) {
            figure.setOpaque(figure.getPlain() + 1);
        }
    }

    /**
     * What a plugin has done.
     *
     * @param calls exchanges that came to it
     * @param shortCircuits exchanges that it answered
     * @param errors calls that threw
     * @param timeouts pauses that were not resumed in time
     * @param blocks calls that held an event loop
     * @param outages how often it was taken out
     * @param latency how long exchanges were with it
     */
    public record Summary(
            long calls,
            long shortCircuits,
            long errors,
            long timeouts,
            long blocks,
            long outages,
            LatencyStatistics latency) {}

    /**
     * Creates books without an entry.
     *
     * @param loops how many event loops write in them
     */
    public PluginCounters(int loops) {
        pages = new AtomicReferenceArray<>(loops);
    }

    private Page page(int loop) {
        Page page = pages.getPlain(loop);
        if (page == null) {
            page = new Page();
            pages.setRelease(loop, page);
        }
        return page;
    }

    @Override
    public void called(int loop) {
        Page.increment(page(loop).calls);
    }

    @Override
    public void ended(int loop, long nanos) {
        page(loop).latency.record(nanos);
    }

    @Override
    public void shortCircuited(int loop) {
        Page.increment(page(loop).shortCircuits);
    }

    @Override
    public void failed() {
        errors.incrementAndGet();
    }

    @Override
    public void timedOut() {
        timeouts.incrementAndGet();
    }

    @Override
    public void blocked() {
        blocks.incrementAndGet();
    }

    @Override
    public void takenOut() {
        outages.incrementAndGet();
    }

    /** Returns the sum of all pages. */
    public Summary summarize() {
        long calls = 0;
        long shortCircuits = 0;
        List<Histogram> latencies = new ArrayList<>();
        for (int loop = 0; loop < pages.length(); loop++) {
            Page page = pages.getAcquire(loop);
            if (page != null) {
                calls += page.calls.getOpaque();
                shortCircuits += page.shortCircuits.getOpaque();
                latencies.add(page.latency);
            }
        }
        return new Summary(
                calls,
                shortCircuits,
                errors.get(),
                timeouts.get(),
                blocks.get(),
                outages.get(),
                Histogram.summarize(latencies));
    }
}
