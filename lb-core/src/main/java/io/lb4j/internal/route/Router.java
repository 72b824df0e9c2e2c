package io.lb4j.internal.route;

import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.model.HostPattern;
import io.lb4j.model.Route;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route that serves a request. Immutable and thread-safe.
 *
 * <p>Of the routes whose conditions are all met, this one is chosen, each rule deciding between those that the rules before it leave:
 * <ol>
 *   <li>the highest priority;
 *   <li>an exact host, then the wildcard with the longest name, then routes for all hosts;
 *   <li>an exact path; then a template, a literal segment before a variable one from the left; then a prefix, or a template with an
 *       open end, the longest first, and again literal before variable; then regular expressions in the order of their declaration;
 *   <li>the largest number of further conditions: methods (one, however many are named), header fields, query parameters;
 *   <li>the order of declaration.
 * </ol>
 * A host whose routes do not fit does not end the search: it goes on with wildcards and routes for all hosts.
 *
 * <p>The cost depends on the length of the request's host and path, on the number of routes that share a host and a path and differ in
 * their conditions only, and on the number of regular expressions of a host; not on the number of hosts, exact paths, templates and
 * prefixes. A search allocates nothing, but for regular expressions, encoded query parameters and IPv6 hosts.
 *
 * @param <T> what belongs to a route
 */
public final class Router<T> {
    private final RegionTable<HostTable<T>> exactHosts;
    private final RegionTable<HostTable<T>> wildcards;
    private final @Nullable HostTable<T> anyHost;
    private final boolean hasAddresses;
    private final int longestWildcard;
    private final int maxPriority;

    private Router(Map<String, HostTable<T>> exact, Map<String, HostTable<T>> below, @Nullable HostTable<T> anyHost) {
        this.exactHosts = new RegionTable<>(exact, true);
        this.wildcards = new RegionTable<>(below, true);
        this.anyHost = anyHost;
        this.hasAddresses = exact.keySet().stream().anyMatch(host -> host.startsWith("["));
        this.longestWildcard =
                below.keySet().stream().mapToInt(String::length).max().orElse(0);
        int highest = anyHost == null ? Integer.MIN_VALUE : anyHost.maxPriority();
        for (Map<String, HostTable<T>> tables : List.of(exact, below)) {
            for (HostTable<T> table : tables.values()) {
                highest = Math.max(highest, table.maxPriority());
            }
        }
        this.maxPriority = highest;
    }

    /**
     * Compiles routes.
     *
     * @param routes in the order of their declaration
     * @param payload gives what belongs to a route; called once for each
     */
    public static <T> Router<T> of(List<Route> routes, Function<? super Route, ? extends T> payload) {
        Map<String, HostTable.Draft<T>> exact = new HashMap<>();
        Map<String, HostTable.Draft<T>> below = new HashMap<>();
        Map<String, HostTable.Draft<T>> any = new HashMap<>();
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            Candidate<T> candidate = new Candidate<>(route, payload.apply(route), i);
            for (HostPattern host : route.hosts()) {
                (host.isWildcard() ? below : exact)
                        .computeIfAbsent(host.name(), name -> new HostTable.Draft<>())
                        .add(candidate);
            }
            if (route.hosts().isEmpty()) {
                any.computeIfAbsent("", name -> new HostTable.Draft<>()).add(candidate);
            }
        }
        return new Router<>(build(exact), build(below), build(any).get(""));
    }

    private static <T> Map<String, HostTable<T>> build(Map<String, HostTable.Draft<T>> drafts) {
        Map<String, HostTable<T>> tables = new HashMap<>();
        drafts.forEach((name, draft) -> tables.put(name, draft.build()));
        return tables;
    }

    /**
     * Returns what belongs to the route that serves a request, or null if there is none.
     *
     * @param head its target has been {@linkplain PathNormalizer#normalize normalized}
     */
    public @Nullable T match(RequestHead head) {
        Candidate<T> found = find(head, Router::firstThatFits);
        return found == null ? null : found.payload();
    }

    /**
     * Returns the methods that would be served at the same host and path and with the same fields, sorted by name: what an {@code Allow}
     * field says (RFC 9110 §15.5.6). Empty if there is no such route, and the answer is 404. Asked for when {@link #match} has found none.
     *
     * @param head as given to {@link #match}
     */
    public Set<Method> allowedMethods(RequestHead head) {
        Set<Method> allowed = new TreeSet<>(Comparator.comparing(Method::name));
        find(head, (bucket, request) -> {
            for (Candidate<T> candidate : bucket) {
                if (candidate.fitsButForMethod(request)) {
                    allowed.addAll(candidate.methods());
                }
            }
            return null;
        });
        return allowed;
    }

    private static <T> @Nullable Candidate<T> firstThatFits(List<Candidate<T>> bucket, RequestHead head) {
        for (int i = 0; i < bucket.size(); i++) {
            Candidate<T> candidate = bucket.get(i);
            if (candidate.fits(head)) {
                return candidate;
            }
        }
        return null;
    }

    private @Nullable Candidate<T> find(RequestHead head, Probe<T> probe) {
        String target = head.target();
        int question = target.indexOf('?');
        int end = question < 0 ? target.length() : question;
        Candidate<T> best = null;
        if (!exactHosts.isEmpty() || !wildcards.isEmpty()) {
            best = findByHost(head, end, probe);
        }
        if (anyHost == null || isBest(best)) {
            return best;
        }
        return Buckets.better(best, anyHost.find(head, end, probe));
    }

    private @Nullable Candidate<T> findByHost(RequestHead head, int end, Probe<T> probe) {
        String host = head.authority();
        int hostEnd = Authority.hostEnd(host);
        if (hasAddresses && Authority.isAddress(host)) {
            host = Authority.canonicalAddress(host, hostEnd);
            hostEnd = host.length();
        }
        HostTable<T> table = exactHosts.find(host, 0, hostEnd);
        Candidate<T> best = table == null ? null : table.find(head, end, probe);
        if (wildcards.isEmpty()) {
            return best;
        }
        // The dot that stands before each longer part comes first, and so do longer names.
        for (int dot = host.indexOf('.');
                dot >= 0 && dot < hostEnd && !isBest(best);
                dot = host.indexOf('.', dot + 1)) {
            HostTable<T> below =
                    dot == 0 || hostEnd - dot - 1 > longestWildcard ? null : wildcards.find(host, dot + 1, hostEnd);
            best = below == null ? best : Buckets.better(best, below.find(head, end, probe));
        }
        return best;
    }

    private boolean isBest(@Nullable Candidate<T> candidate) {
        return candidate != null && candidate.priority() == maxPriority;
    }
}
