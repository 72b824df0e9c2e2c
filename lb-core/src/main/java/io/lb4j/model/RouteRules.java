package io.lb4j.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Checks of a route that take several of its options. */
final class RouteRules {
    private RouteRules() {}

    static void requireWeight(Settings route, Scope scope) {
        Optional<Map<String, Integer>> split = route.find(Route.SPLIT);
        if (split.isPresent() && split.get().values().stream().allMatch(weight -> weight == 0)) {
            String seen = split.get().isEmpty() ? "no cluster" : "all weights 0";
            scope.at(Route.SPLIT.name())
                    .report(Fault.Code.CONFLICT, seen, "a weight above 0", route.origin(Route.SPLIT));
        }
    }

    /** What a path is made of has to be there in the path that is matched. */
    static void requireVariables(Settings route, Scope scope) {
        checkTemplate(route, scope, Route.REWRITE, Rewrite.PATH);
        checkTemplate(route, scope, Route.REDIRECT, Redirect.PATH);
    }

    private static void checkTemplate(
            Settings route, Scope scope, Option<Settings> section, Option<PathTemplate> option) {
        Optional<Settings> nested = route.find(section);
        Optional<PathTemplate> template = nested.flatMap(settings -> settings.find(option));
        if (template.isEmpty() || route.isFaulty(Route.PATH) || route.isFaulty(Route.PATH_REGEX)) {
            return;
        }
        Set<String> known = Route.pathOf(route).variables();
        for (String name : new TreeSet<>(template.get().variables())) {
            if (!known.contains(name)) {
                String expected = "a variable of the path " + Route.pathOf(route);
                scope.at(section.name())
                        .at(option.name())
                        .reportUnknown(
                                Fault.Code.UNKNOWN_NAME,
                                "{" + name + "}",
                                expected,
                                known.stream().map(each -> "{" + each + "}").toList(),
                                nested.get().origin(option));
            }
        }
    }

    /** A prefix can be replaced only where the path has one. */
    static void requirePrefix(Settings route, Scope scope) {
        checkPrefix(route, scope, Route.REWRITE, Rewrite.PREFIX);
        checkPrefix(route, scope, Route.REDIRECT, Redirect.PREFIX);
    }

    /** A subset is one of a cluster. */
    static void requireClusterOfSubset(Settings route, Scope scope) {
        boolean forwards = route.isSet(Route.CLUSTER) || route.isSet(Route.SPLIT);
        if (!route.find(Route.SUBSET).orElse(Map.of()).isEmpty() && !forwards) {
            String expected = "a cluster, or a split, that it is a part of";
            scope.at(Route.SUBSET.name()).report(Fault.Code.CONFLICT, "a subset", expected, route.origin(Route.SUBSET));
        }
    }

    private static void checkPrefix(Settings route, Scope scope, Option<Settings> section, Option<String> option) {
        Optional<Settings> nested = route.find(section);
        boolean set = nested.map(settings -> settings.isSet(option)).orElse(false);
        boolean judged = !route.isFaulty(Route.PATH) && !route.isFaulty(Route.PATH_REGEX);
        if (set && judged && !Route.pathOf(route).isOpen()) {
            scope.at(section.name())
                    .at(option.name())
                    .report(
                            Fault.Code.CONFLICT,
                            "a prefix",
                            "a path that ends in /**, not " + Route.pathOf(route),
                            nested.get().origin(option));
        }
    }
}
