package io.lb4j.server.admin;

import io.lb4j.server.json.Json;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.Statistics;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** What the balancer counts, as a whole and piece by piece. Thread-safe. */
final class StatisticsPages {
    private final Administered administered;
    private final RecentTraffic recent;

    StatisticsPages(Administered administered, RecentTraffic recent) {
        this.administered = administered;
        this.recent = recent;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.get(
                        "/stats",
                        "All figures since the start, and those of the last half minute; durations are in seconds.",
                        request -> all()),
                piece("/listeners", "The listeners.", Statistics::listeners),
                piece("/routes", "The routes.", Statistics::routes),
                piece("/clusters", "The clusters with their endpoints.", Statistics::clusters),
                AdminRoute.get("/clusters/{cluster}", "One cluster.", this::cluster),
                piece("/endpoints", "The endpoints of each cluster.", StatisticsPages::endpoints),
                piece(
                        "/certificates",
                        "The certificates that listeners serve, and those that take care of themselves.",
                        Statistics::certificates),
                piece("/plugins", "The plugins by their places.", Statistics::plugins),
                piece("/discovery", "Where each cluster's endpoints come from.", StatisticsPages::sources),
                AdminRoute.get("/debug/threads", "What each thread does at the moment.", request -> threads()));
    }

    private AdminResponse all() {
        Statistics present = administered.balancer().stats();
        Map<String, Object> tree = new LinkedHashMap<>();
        ((Map<?, ?>) Json.tree(present)).forEach((name, piece) -> tree.put((String) name, piece));
        tree.put("recent", recent.until(present));
        return AdminResponse.json(tree);
    }

    private AdminRoute piece(String path, String summary, Function<Statistics, Object> piece) {
        return AdminRoute.get(
                path,
                summary,
                request -> AdminResponse.json(
                        Json.tree(piece.apply(administered.balancer().stats()))));
    }

    private AdminResponse cluster(AdminRequest request) throws Problem {
        Map<String, ClusterStatistics> clusters =
                administered.balancer().stats().clusters();
        String name = request.variable("cluster");
        ClusterStatistics found = Optional.ofNullable(clusters.get(name))
                .orElseThrow(() ->
                        new Problem(404, "cluster: \"" + name + "\" (expected: one of " + clusters.keySet() + ")"));
        return AdminResponse.json(Json.tree(found));
    }

    private static Object endpoints(Statistics statistics) {
        Map<String, Object> endpoints = new TreeMap<>();
        statistics.clusters().forEach((name, cluster) -> endpoints.put(name, cluster.endpoints()));
        return endpoints;
    }

    private static Object sources(Statistics statistics) {
        Map<String, Object> sources = new TreeMap<>();
        statistics.clusters().forEach((name, cluster) -> sources.put(name, cluster.sources()));
        return sources;
    }

    private static AdminResponse threads() {
        List<Object> threads = new ArrayList<>();
        for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("name", thread.getThreadName());
            tree.put("id", thread.getThreadId());
            tree.put("state", thread.getThreadState().name());
            if (thread.getLockName() != null) {
                tree.put("waits_for", thread.getLockName());
            }
            List<String> stack = new ArrayList<>();
            for (StackTraceElement element : thread.getStackTrace()) {
                stack.add(element.toString());
            }
            tree.put("stack", stack);
            threads.add(tree);
        }
        return AdminResponse.json(threads);
    }
}
