package io.lb4j.internal.route;

import io.lb4j.model.PathPattern;
import io.lb4j.model.Route;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The precedence of paths as the documentation has it, by looking at every route: slow, and simple enough to be right. */
final class PlainRouter {
    private PlainRouter() {}

    static @Nullable String match(List<Route> routes, String target) {
        return routes.stream()
                .filter(route -> target.matches(expression(route.path())))
                .min(Comparator.comparingInt((Route route) -> -route.priority())
                        .thenComparingInt(route -> rank(route.path()))
                        .thenComparingInt(route ->
                                route.path().isOpen() ? -route.path().segments().size() : 0)
                        .thenComparing(route -> shape(route.path())))
                .map(Route::name)
                .orElse(null);
    }

    private static int rank(PathPattern path) {
        if (path.isOpen()) {
            return 2;
        }
        return path.kind() == PathPattern.Kind.EXACT ? 0 : 1;
    }

    /** Sorts literals, as L, before variables. */
    private static String shape(PathPattern path) {
        return path.segments().stream()
                .map(segment -> segment.variable() ? "V" : "L")
                .collect(Collectors.joining());
    }

    private static String expression(PathPattern path) {
        String closed = path.segments().stream()
                .map(segment -> segment.variable() ? "/[^/]+" : "/" + segment.text())
                .collect(Collectors.joining());
        return path.isOpen() ? closed + "(/.*)?" : closed;
    }
}
