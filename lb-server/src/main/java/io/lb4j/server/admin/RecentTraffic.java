package io.lb4j.server.admin;

import io.lb4j.server.json.Json;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.stats.Statistics;
import io.lb4j.stats.TrafficStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What went through during the last half minute: the figures from the start, less those that were kept of them every {@link #INTERVAL}. Thread-safe.
 */
final class RecentTraffic {
    /** How far back it looks, and as much further as the figures are kept apart. */
    static final Duration WINDOW = Duration.ofSeconds(30);

    /** How often figures are kept. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Deque<Statistics> kept =
            new ArrayDeque<>(); // guarded by this; the earliest first, one of them older than the window at the most

    /** Keeps figures for those that are asked for later. */
    synchronized void keep(Statistics present) {
        kept.add(present);
        Instant begin = present.at().minus(WINDOW);
        while (kept.size() > 1 && !second().at().isAfter(begin)) {
            kept.remove();
        }
    }

    private Statistics second() {
        return kept.stream().skip(1).findFirst().orElseThrow();
    }

    /** Returns the latest figures from before the window, or the first that there are. */
    private synchronized Optional<Statistics> earlier(Instant begin) {
        Optional<Statistics> latest = Optional.ofNullable(kept.peek());
        for (Statistics each : kept) {
            if (!each.at().isAfter(begin)) {
                latest = Optional.of(each);
            }
        }
        return latest;
    }

    /** Returns what has come up to some figures, as a tree. */
    Map<String, Object> until(Statistics present) {
        Optional<Statistics> before = earlier(present.at().minus(WINDOW));
        Instant since = before.map(Statistics::at).orElse(present.since());
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("since", since);
        tree.put("seconds", Json.tree(Duration.between(since, present.at())));
        tree.put(
                "listeners",
                traffic(present.listeners(), before.map(Statistics::listeners), ListenerStatistics::traffic));
        tree.put("routes", traffic(present.routes(), before.map(Statistics::routes), Function.identity()));
        tree.put("clusters", traffic(present.clusters(), before.map(Statistics::clusters), ClusterStatistics::traffic));
        Map<String, Object> endpoints = new TreeMap<>();
        present.clusters().forEach((name, cluster) -> {
            Optional<Map<String, EndpointStatistics>> known = before.map(Statistics::clusters)
                    .flatMap(all -> Optional.ofNullable(all.get(name)))
                    .map(ClusterStatistics::endpoints);
            endpoints.put(name, traffic(cluster.endpoints(), known, EndpointStatistics::traffic));
        });
        tree.put("endpoints", endpoints);
        return tree;
    }

    private static <T> Map<String, Object> traffic(
            Map<String, T> present, Optional<Map<String, T>> before, Function<T, TrafficStatistics> of) {
        Map<String, Object> tree = new TreeMap<>();
        present.forEach((name, each) -> tree.put(
                name,
                since(
                        of.apply(each),
                        before.flatMap(all -> Optional.ofNullable(all.get(name)))
                                .map(of)
                                .orElse(TrafficStatistics.NONE))));
        return tree;
    }

    private static Map<String, Object> since(TrafficStatistics present, TrafficStatistics before) {
        // A route that came anew under a name that was known counts anew.
        TrafficStatistics earlier = present.requests() < before.requests() ? TrafficStatistics.NONE : before;
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("requests", present.requests() - earlier.requests());
        tree.put("errors", errors(present) - errors(earlier));
        tree.put("latency", Json.tree(present.latency().since(earlier.latency())));
        return tree;
    }

    /** Answers of 5xx, and exchanges that got none. */
    private static long errors(TrafficStatistics traffic) {
        return traffic.statusClasses().getOrDefault(5, 0L)
                + traffic.statusClasses().getOrDefault(0, 0L);
    }
}
