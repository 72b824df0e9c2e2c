package io.lb4j.server.admin;

import io.lb4j.server.json.Json;
import io.lb4j.server.life.Refusal;
import io.lb4j.stats.CertificateStatistics;
import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.DiscoveryStatistics;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.stats.Statistics;
import io.lb4j.stats.TransportStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether the process is well: in one word for those who start and stop it, component by component for people. Thread-safe. */
final class HealthPages {
    private static final String UP = "up";
    private static final String DEGRADED = "degraded";
    private static final Duration SOON = Duration.ofDays(7);
    private static final double SMALL_SHARE = 0.1;
    /** The figures of a transport that say how it is now; the others, since the start, are among the statistics. */
    private static final List<String> OF_THE_PRESENT =
            List.of("connections_open", "handshakes_open", "streams_open", "octets_waiting", "octets_kept");

    private final Administered administered;

    HealthPages(Administered administered) {
        this.administered = administered;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.open("/health/live", "Whether the process lives.", request -> status(UP, 200)),
                AdminRoute.open(
                        "/health/ready", "Whether it takes requests; 503 while it does not.", request -> ready()),
                AdminRoute.get("/health", "How each component is.", request -> AdminResponse.json(health())));
    }

    private static AdminResponse status(String status, int code) {
        return AdminResponse.json(code, Map.<String, Object>of("status", status));
    }

    private AdminResponse ready() {
        try {
            administered.balancer().stats();
            return status(UP, 200);
        } catch (IllegalStateException closing) {
            return status("down", 503); // it is closing
        }
    }

    /** Returns the whole: degraded if something needs a look, though requests are served. */
    Map<String, Object> health() {
        Statistics statistics = administered.balancer().stats();
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("configuration", component(configurationTrouble(statistics)));
        statistics.listeners().forEach((name, listener) -> components.put("listener " + name, listener(listener)));
        statistics
                .clusters()
                .forEach((name, cluster) ->
                        components.put("cluster " + name, component(trouble(cluster), dependencies(cluster))));
        for (CertificateStatistics certificate : statistics.certificates()) {
            components.put("certificate " + String.join(", ", certificate.names()), component(trouble(certificate)));
        }
        statistics
                .plugins()
                .forEach((place, plugin) ->
                        components.put("plugin " + place, component(trouble(plugin), dependencies(plugin))));
        boolean isUp = components.values().stream().allMatch(each -> UP.equals(((Map<?, ?>) each).get("status")));
        Map<String, Object> health = new LinkedHashMap<>();
        health.put("status", isUp ? UP : DEGRADED);
        health.put("components", components);
        return health;
    }

    private static Map<String, Object> component(List<String> troubles) {
        return component(troubles, Map.of());
    }

    private static Map<String, Object> component(List<String> troubles, Map<String, String> dependencies) {
        Map<String, Object> component = new LinkedHashMap<>();
        component.put("status", statusOf(troubles.isEmpty()));
        if (!troubles.isEmpty()) {
            component.put("troubles", troubles);
        }
        if (!dependencies.isEmpty()) {
            component.put("dependencies", dependencies);
        }
        return component;
    }

    /** Returns how a listener is, and how much it has to do at present; so of its further transports, as far as they count it. */
    private static Map<String, Object> listener(ListenerStatistics listener) {
        Map<String, Object> component = component(trouble(listener));
        component.put("connections_open", listener.connectionsOpen());
        component.put("requests_active", listener.traffic().active());
        Map<String, Object> transports = new TreeMap<>();
        listener.transports().forEach((name, transport) -> transports.put(name, transport(transport)));
        if (!transports.isEmpty()) {
            component.put("transports", transports);
        }
        return component;
    }

    private static Map<String, Object> transport(TransportStatistics transport) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("status", statusOf(transport.isHealthy()));
        for (String figure : OF_THE_PRESENT) {
            Long value = transport.figures().get(figure);
            if (value != null) {
                tree.put(figure, value);
            }
        }
        return tree;
    }

    private static String statusOf(boolean isWell) {
        return isWell ? UP : DEGRADED;
    }

    /** Returns what a cluster cannot do without: where its endpoints come from, and the endpoints. */
    private static Map<String, String> dependencies(ClusterStatistics cluster) {
        Map<String, String> dependencies = new TreeMap<>();
        cluster.sources()
                .forEach(source ->
                        dependencies.put(source.source(), statusOf(source.state() == DiscoveryStatistics.State.FRESH)));
        cluster.endpoints()
                .forEach((address, endpoint) -> dependencies.put("endpoint " + address, statusOf(isWell(endpoint))));
        return dependencies;
    }

    private List<String> configurationTrouble(Statistics statistics) {
        Optional<String> refusal = administered
                .files()
                .map(files -> files.configurations().lastRefusal().map(Refusal::message))
                .orElseGet(() -> statistics.configuration().lastRefusal());
        return refusal.map(message -> List.of("refused, the one before is in force: " + message))
                .orElse(List.of());
    }

    private static List<String> trouble(ListenerStatistics listener) {
        return listener.transports().values().stream()
                .filter(transport -> !transport.isHealthy())
                .map(HealthPages::trouble)
                .toList();
    }

    private static String trouble(TransportStatistics transport) {
        return transport.name() + ": " + transport.trouble().orElse("");
    }

    private static List<String> trouble(ClusterStatistics cluster) {
        List<String> troubles = new ArrayList<>();
        long well = cluster.endpoints().values().stream()
                .filter(HealthPages::isWell)
                .count();
        if (well == 0) {
            troubles.add("no endpoint of " + cluster.endpoints().size() + " is well");
        } else if (well < cluster.endpoints().size()) {
            troubles.add(well + " of " + cluster.endpoints().size() + " endpoints are well");
        }
        if (cluster.isPanicking()) {
            troubles.add("so few endpoints are well that health is ignored");
        }
        for (DiscoveryStatistics source : cluster.sources()) {
            if (source.state() != DiscoveryStatistics.State.FRESH) {
                String error = source.lastError().map(text -> ": " + text).orElse("");
                troubles.add(source.source() + " is " + Json.tree(source.state()) + error);
            }
        }
        return troubles;
    }

    private static boolean isWell(EndpointStatistics endpoint) {
        return !endpoint.health().equals("unhealthy") && !endpoint.isEjected() && !endpoint.isDraining();
    }

    private static List<String> trouble(CertificateStatistics certificate) {
        List<String> troubles = new ArrayList<>();
        if (certificate.isSelfSigned()) {
            troubles.add("not obtained yet; clients are shown one that vouches for itself");
        }
        certificate.held().filter(CertificateStatistics.Held::isRevoked).ifPresent(held -> troubles.add("revoked"));
        certificate.held().flatMap(HealthPages::endingSoon).ifPresent(troubles::add);
        if (certificate.failures() > 0) {
            troubles.add(certificate.failures() + " attempts failed: "
                    + certificate.lastFailure().orElse(""));
        }
        return troubles;
    }

    /** By then whoever takes care of it has mostly exchanged it: a certificate of some days is told of in its last hours. */
    private static Optional<String> endingSoon(CertificateStatistics.Held held) {
        Instant now = Instant.now();
        Duration left = held.left(now);
        if (left.isNegative()) {
            return Optional.of("over since " + held.notAfter());
        }
        boolean isSoon = left.compareTo(SOON) < 0 && held.shareLeft(now) < SMALL_SHARE;
        return isSoon ? Optional.of("over at " + held.notAfter()) : Optional.empty();
    }

    private static List<String> trouble(PluginStatistics plugin) {
        List<String> troubles = new ArrayList<>();
        if (plugin.isOut() && plugin.outages() > 0) {
            troubles.add("taken out for a time, because of its failures");
        }
        new TreeMap<>(plugin.dependencies())
                .forEach((name, dependency) ->
                        dependency.trouble().ifPresent(trouble -> troubles.add(name + ": " + trouble)));
        return troubles;
    }

    private static Map<String, String> dependencies(PluginStatistics plugin) {
        Map<String, String> dependencies = new TreeMap<>();
        plugin.dependencies().forEach((name, dependency) -> dependencies.put(name, statusOf(dependency.isWell())));
        return dependencies;
    }
}
