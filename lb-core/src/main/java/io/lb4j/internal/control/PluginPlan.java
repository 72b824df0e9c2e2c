package io.lb4j.internal.control;

import io.lb4j.internal.filter.ChainEntry;
import io.lb4j.internal.filter.FilterChain;
import io.lb4j.internal.filter.ListenerChains;
import io.lb4j.internal.snapshot.Filters;
import io.lb4j.model.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The chains of one configuration: those of the balancer, of its listeners and of its routes, merged. Where two have a plugin of the same name
 * that of the narrower place counts, if only to leave it out. Filled once, then read only.
 */
final class PluginPlan {
    private final Map<PluginScope, Map<String, Optional<ChainEntry>>> byScope = new LinkedHashMap<>();
    private final Map<String, FilterChain> withoutRoute = new HashMap<>(); // by listener that has plugins of its own
    private FilterChain global = FilterChain.EMPTY;
    private Filters common = FilterChain.EMPTY; // of routes that have none of their own

    /** Adds a plugin of a place; an empty one leaves out what a wider place has. */
    void add(PluginScope scope, String name, Optional<ChainEntry> entry) {
        byScope.computeIfAbsent(scope, any -> new LinkedHashMap<>()).put(name, entry);
    }

    /** Makes the chains that many share, once everything has been added. */
    void seal() {
        global = FilterChain.of(merged(PluginScope.GLOBAL));
        for (PluginScope scope : byScope.keySet()) {
            scope.listener().ifPresent(name -> withoutRoute.put(name, FilterChain.of(merged(scope))));
        }
        common = ListenerChains.of(withoutRoute, global);
    }

    /** Returns what a route's exchanges go through. */
    Filters route(Route route) {
        PluginScope own = PluginScope.of(route);
        if (!byScope.containsKey(own)) {
            return common;
        }
        Map<String, FilterChain> byListener = new HashMap<>();
        for (PluginScope scope : byScope.keySet()) {
            scope.listener().ifPresent(name -> byListener.put(name, FilterChain.of(merged(scope, own))));
        }
        return ListenerChains.of(byListener, FilterChain.of(merged(own)));
    }

    /** Returns what a listener's exchanges go through for which no route is found. */
    Filters listener(String name) {
        return withoutRoute.getOrDefault(name, global);
    }

    private List<ChainEntry> merged(PluginScope... narrower) {
        Map<String, Optional<ChainEntry>> merged =
                new LinkedHashMap<>(byScope.getOrDefault(PluginScope.GLOBAL, Map.of()));
        for (PluginScope scope : narrower) {
            merged.putAll(byScope.getOrDefault(scope, Map.of()));
        }
        List<ChainEntry> entries = new ArrayList<>();
        merged.values().forEach(entry -> entry.ifPresent(entries::add));
        return entries;
    }
}
