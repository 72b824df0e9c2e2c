package io.lb4j.internal.control;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.observe.TrafficCounters;
import io.lb4j.internal.route.PathNormalizer;
import io.lb4j.internal.route.Router;
import io.lb4j.internal.snapshot.Filters;
import io.lb4j.internal.snapshot.ListenerEntry;
import io.lb4j.internal.snapshot.RouteEntry;
import io.lb4j.internal.snapshot.RouteMatcher;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.model.Route;
import io.lb4j.stats.LatencyStatistics;
import io.lb4j.stats.TrafficStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The routes and listeners of one configuration as exchanges see them. Immutable. What is the same as in the configuration before is the same
 * object, with its books and its budget of retries.
 */
final class RouteTable {
    private final Map<String, MappedRoute> routes; // in the order of their declaration
    private final Map<String, MappedListener> listeners;
    private final Router<RouteEntry> router;
    private final ChallengeRoute challenges;

    private record MappedRoute(Route route, RouteEntry entry, TrafficCounters books) {}

    private record MappedListener(Listener listener, ListenerEntry entry, TrafficCounters books) {}

    /**
     * What the entries are made with.
     *
     * @param mapping says in the data path's terms what a configuration says
     * @param plugins the chains
     * @param challenges answers those of a certificate authority
     * @param books makes counters
     */
    record Tools(
            RouteMapping mapping, PluginPlan plugins, ChallengeRoute challenges, Supplier<TrafficCounters> books) {}

    /**
     * Makes the table of a configuration.
     *
     * @param present the listeners that there are already: those that the configuration no longer has serve its routes as long as they have
     *     connections
     * @param before the table in force; null for none
     */
    RouteTable(Configuration configuration, List<Listener> present, Tools tools, @Nullable RouteTable before) {
        routes = new LinkedHashMap<>();
        for (Route route : configuration.routes()) {
            MappedRoute known = before == null ? null : before.routes.get(route.name());
            routes.put(route.name(), mapped(route, tools, known));
        }
        if (before != null && isAlike(before.routes)) {
            router = before.router;
        } else {
            router = Router.of(configuration.routes(), route -> entry(route.name()));
        }
        challenges = tools.challenges();
        boolean findsAlike = before != null && before.router == router && before.challenges == challenges;
        listeners = new HashMap<>();
        for (List<Listener> each : List.of(present, configuration.listeners())) {
            for (Listener listener : each) {
                MappedListener known = before == null ? null : before.listeners.get(listener.name());
                listeners.put(listener.name(), mapped(listener, tools, known, findsAlike));
            }
        }
    }

    /** Returns whether another table's routes are the same objects in the same order. */
    private boolean isAlike(Map<String, MappedRoute> others) {
        return List.copyOf(others.values()).equals(List.copyOf(routes.values()));
    }

    private RouteEntry entry(String name) {
        MappedRoute mapped = routes.get(name);
        if (mapped == null) {
            throw new IllegalStateException("route: " + name + " (expected: one of " + routes.keySet() + ")");
        }
        return mapped.entry();
    }

    private static MappedRoute mapped(Route route, Tools tools, @Nullable MappedRoute known) {
        Filters filters = tools.plugins().route(route);
        if (known != null
                && known.route().equals(route)
                && known.entry().filters().equals(filters)) {
            return known;
        }
        TrafficCounters books = known == null ? tools.books().get() : known.books();
        return new MappedRoute(route, tools.mapping().route(route, filters, books), books);
    }

    private MappedListener mapped(Listener listener, Tools tools, @Nullable MappedListener known, boolean findsAlike) {
        Filters filters = tools.plugins().listener(listener.name());
        if (findsAlike
                && known != null
                && known.listener().equals(listener)
                && known.entry().rules().filters().equals(filters)) {
            return known;
        }
        TrafficCounters books = known == null ? tools.books().get() : known.books();
        PathNormalizer normalizer = new PathNormalizer(listener.paths());
        Router<RouteEntry> searched = router; // alone: the entry may outlive this table
        RouteMatcher found = head -> match(searched, head, normalizer);
        RouteMatcher all = listener.tls().isEmpty() ? challenges.before(found) : found;
        ListenerEntry entry = new ListenerEntry(listener.name(), all, RouteMapping.rules(listener, filters, books));
        return new MappedListener(listener, entry, books);
    }

    private static RouteEntry match(Router<RouteEntry> router, RequestHead head, PathNormalizer normalizer)
            throws ProxyException {
        String target = head.target();
        String canonical = normalizer.normalize(target);
        if (canonical != target) {
            head.target(canonical);
        }
        RouteEntry matched = router.match(head);
        if (matched != null) {
            return matched;
        }
        Set<Method> allowed = router.allowedMethods(head);
        if (allowed.isEmpty()) {
            throw new ProxyException(Kind.NO_ROUTE, "no route matches");
        }
        throw new ProxyException(
                Kind.METHOD_NOT_ALLOWED, allowed.stream().map(Method::name).collect(Collectors.joining(", ")));
    }

    /** Returns the listeners, by name. */
    Map<String, ListenerEntry> listenerEntries() {
        Map<String, ListenerEntry> entries = new HashMap<>();
        listeners.forEach((name, mapped) -> entries.put(name, mapped.entry()));
        return entries;
    }

    /** Returns what the routes' books say. Thread-safe. */
    Map<String, TrafficStatistics> routeStatistics() {
        Map<String, TrafficStatistics> statistics = new HashMap<>();
        routes.forEach((name, mapped) -> statistics.put(name, mapped.books().summarize()));
        return statistics;
    }

    /** Returns what the listeners' books say. Thread-safe. */
    Map<String, TrafficStatistics> listenerStatistics() {
        Map<String, TrafficStatistics> statistics = new HashMap<>();
        listeners.forEach((name, mapped) -> statistics.put(name, mapped.books().summarize()));
        return statistics;
    }

    /** Returns how long the listeners' exchanges took, by the version that clients spoke. Thread-safe. */
    Map<String, Map<String, LatencyStatistics>> listenerLatencies() {
        Map<String, Map<String, LatencyStatistics>> latencies = new HashMap<>();
        listeners.forEach((name, mapped) -> latencies.put(name, mapped.books().latencies()));
        return latencies;
    }
}
