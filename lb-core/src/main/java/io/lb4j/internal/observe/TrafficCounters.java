package io.lb4j.internal.observe;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Version;
import io.lb4j.internal.snapshot.FinishedExchange;
import io.lb4j.internal.snapshot.Traffic;
import io.lb4j.stats.LatencyStatistics;
import io.lb4j.stats.TrafficStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The books of a listener, a route, a cluster or an endpoint: one page for each event loop, added up when somebody reads. */
public final class TrafficCounters implements Traffic {
    private static final int REQUESTS = 0;
    private static final int COMPLETED = 1;
    private static final int LOCAL_REPLIES = 2;
    private static final int RETRIES = 3;
    private static final int REQUEST_BYTES = 4;
    private static final int RESPONSE_BYTES = 5;
    private static final int STATUS_CLASSES = 6; // ten of them
    private static final int FAILURES = STATUS_CLASSES + 10;
    private static final Kind[] KINDS = Kind.values();
    private static final Version[] VERSIONS = Version.values();
    private static final int FIGURES = FAILURES + KINDS.length;

    private final AtomicReferenceArray<@Nullable Page> pages;

    /** What one event loop has counted. */
    private static final class Page {
        final AtomicLongArray figures = new AtomicLongArray(FIGURES);
        final AtomicReferenceArray<@Nullable Histogram> latencies = new AtomicReferenceArray<>(VERSIONS.length);
        final Histogram firstByte = new Histogram();

        void add(int figure, long amount) {
            figures.setOpaque(figure, figures.getPlain(figure) + amount);
        }

        Histogram latency(Version version) {
            Histogram latency = latencies.getPlain(version.ordinal());
            if (latency == null) {
                latency = new Histogram();
                latencies.setRelease(version.ordinal(), latency);
            }
            return latency;
        }
    }

    /**
     * Creates books without an entry.
     *
     * @param loops how many event loops write in them
     */
    public TrafficCounters(int loops) {
        pages = new AtomicReferenceArray<>(loops);
    }

    @Override
    public void began(int loop) {
        page(loop).add(REQUESTS, 1);
    }

    @Override
    public void triedInVain(int loop, Kind kind) {
        Page page = page(loop);
        page.add(COMPLETED, 1);
        page.add(FAILURES + kind.ordinal(), 1);
    }

    @Override
    public void ended(int loop, FinishedExchange exchange) {
        Page page = page(loop);
        page.add(COMPLETED, 1);
        page.add(STATUS_CLASSES + exchange.status() / 100, 1);
        page.add(REQUEST_BYTES, exchange.requestBytes());
        page.add(RESPONSE_BYTES, exchange.responseBytes());
        if (exchange.isLocalReply()) {
            page.add(LOCAL_REPLIES, 1);
        }
        if (exchange.tries() > 1) {
            page.add(RETRIES, exchange.tries() - 1L);
        }
        Optional<ProxyException> failure = exchange.failure();
        if (failure.isPresent()) {
            page.add(FAILURES + failure.get().kind().ordinal(), 1);
        }
        page.latency(exchange.connection().version()).record(exchange.durationNanos());
        if (exchange.firstByteNanos() > 0) {
            page.firstByte.record(exchange.firstByteNanos());
        }
    }

    private Page page(int loop) {
        Page page = pages.getPlain(loop);
        if (page == null) {
            page = new Page();
            pages.setRelease(loop, page);
        }
        return page;
    }

    /** Returns the sum of all pages. */
    public TrafficStatistics summarize() {
        long[] sums = new long[FIGURES];
        List<Page> written = new ArrayList<>();
        for (int loop = 0; loop < pages.length(); loop++) {
            Page page = pages.getAcquire(loop);
            if (page != null) {
                written.add(page);
                for (int figure = FIGURES - 1;
                        figure >= 0;
                        figure--) { // COMPLETED is read before REQUESTS: never more than have begun
                    sums[figure] += page.figures.getAcquire(figure);
                }
            }
        }
        return new TrafficStatistics(
                sums[REQUESTS],
                sums[REQUESTS] - sums[COMPLETED],
                statusClasses(sums),
                failures(sums),
                sums[LOCAL_REPLIES],
                sums[RETRIES],
                sums[REQUEST_BYTES],
                sums[RESPONSE_BYTES],
                Histogram.summarize(
                        written.stream().flatMap(TrafficCounters::latencies).toList()),
                Histogram.summarize(written.stream().map(page -> page.firstByte).toList()));
    }

    private static Stream<Histogram> latencies(Page page) {
        return Arrays.stream(VERSIONS).flatMap(version -> latency(page, version));
    }

    private static Stream<Histogram> latency(Page page, Version version) {
        return Stream.ofNullable(page.latencies.getAcquire(version.ordinal()));
    }

    /** Returns how long exchanges took, by the version that clients spoke; only of those that some have spoken. */
    public Map<String, LatencyStatistics> latencies() {
        Map<String, LatencyStatistics> latencies = new HashMap<>();
        for (Version version : VERSIONS) {
            List<Histogram> histograms = IntStream.range(0, pages.length())
                    .mapToObj(pages::getAcquire)
                    .flatMap(Stream::ofNullable)
                    .flatMap(page -> latency(page, version))
                    .toList();
            if (!histograms.isEmpty()) {
                latencies.put(version.toString(), Histogram.summarize(histograms));
            }
        }
        return latencies;
    }

    private static Map<Integer, Long> statusClasses(long[] sums) {
        Map<Integer, Long> classes = new HashMap<>();
        for (int digit = 0; digit < FAILURES - STATUS_CLASSES; digit++) {
            if (sums[STATUS_CLASSES + digit] > 0) {
                classes.put(digit, sums[STATUS_CLASSES + digit]);
            }
        }
        return classes;
    }

    private static Map<String, Long> failures(long[] sums) {
        Map<String, Long> failures = new HashMap<>();
        for (Kind kind : KINDS) {
            if (sums[FAILURES + kind.ordinal()] > 0) {
                failures.put(kind.reason(), sums[FAILURES + kind.ordinal()]);
            }
        }
        return failures;
    }
}
