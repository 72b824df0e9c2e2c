package io.lb4j.internal.route;

import static io.lb4j.internal.route.Routes.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.Builders;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.http.RequestHead;
import io.lb4j.model.Route;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a search costs. Alone, for it measures time. */
@Isolated
class RouterCostTest {
    private static final int FEW = 10;
    private static final int MANY = 10_000;
    /** A cost that grew with the number of routes would be a thousand times as much. */
    private static final int FACTOR = 20;

    private static final int SEARCHES = 20_000;

    /** Made once for all tests of a shape, for that takes longer than the tests themselves. */
    private static final Map<String, Router<String>> MANY_ROUTES = new HashMap<>();

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of(
                        "hosts", (Shape) (r, i) -> r.host("h" + i + ".example.com"), target("h%d.example.com", "/")),
                Arguments.of(
                        "wildcards",
                        (Shape) (r, i) -> r.host("*.h" + i + ".example.com"),
                        target("a.h%d.example.com", "/")),
                Arguments.of("exact paths", (Shape) (r, i) -> r.path("/p" + i + "/x"), target("x", "/p%d/x?q")),
                Arguments.of("prefixes", (Shape) (r, i) -> r.path("/p" + i + "/**"), target("x", "/p%d/x/y")),
                Arguments.of("templates", (Shape) (r, i) -> r.path("/p" + i + "/{id}/x"), target("x", "/p%d/7/x")),
                Arguments.of(
                        "templates with one beginning",
                        (Shape) (r, i) -> r.path("/{id}/p" + i),
                        target("x", "/7/p%d")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void doesNotGrowWithTheNumberOf(String what, Shape shape, IntFunction<RequestHead> request) {
        Router<String> few = router(FEW, shape);
        Router<String> many = MANY_ROUTES.computeIfAbsent(what, any -> router(MANY, shape));
        assertThat(many.match(request.apply(MANY - 1))).isEqualTo("r" + (MANY - 1));

        double withFew = nanosPerSearch(few, FEW, request);
        double withMany = nanosPerSearch(many, MANY, request);

        // Half a microsecond is granted in any case: ten thousand routes do not fit into the processor's nearest cache.
        assertThat(withMany).as(what).isLessThan(Math.max(withFew, 500) * FACTOR);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void tells404QuicklyWithAny(String what, Shape shape, IntFunction<RequestHead> request) {
        Router<String> many = MANY_ROUTES.computeIfAbsent(what, any -> router(MANY, shape));
        RequestHead missing = request("GET", "none.example.org", "/none");

        assertThat(many.allowedMethods(missing)).as(what).isEmpty();
        double nanos = nanosPerSearch(many, 1, i -> missing);

        assertThat(nanos).as(what).isLessThan(500.0 * FACTOR);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void allocatesNothingWith(String what, Shape shape, IntFunction<RequestHead> request) {
        Router<String> router = router(FEW, shape);
        RequestHead head = request.apply(FEW - 1);
        assertThat(router.match(head)).isNotNull();

        assertThat(Routes.allocatedBy(() -> router.match(head))).as(what).isZero();
    }

    @Test
    void allocatesNothingForConditionsThatAreMet() {
        Routes routes = new Routes()
                .with("header", r -> r.path("/a").header("x-a", "b").method("GET"))
                .with("other", r -> r.path("/a").header("x-a", h -> h.prefix("c")));
        Router<String> router = routes.router();
        RequestHead head = request("GET", "x", "/a");
        head.fields().add("x-a", "b");

        assertThat(Routes.allocatedBy(() -> router.match(head))).isZero();
    }

    @FunctionalInterface
    interface Shape {
        /** Gives the route of this number its host and path. */
        void apply(io.lb4j.RouteBuilder route, int number);
    }

    private static IntFunction<RequestHead> target(String host, String path) {
        return number -> request("GET", host.formatted(number), path.formatted(number));
    }

    private static Router<String> router(int count, Shape shape) {
        LoadBalancerBuilder builder =
                Builders.balancer().listener(l -> l.port(0)).cluster("any", c -> c.endpoint("127.0.0.1", 1));
        for (int i = 0; i < count; i++) {
            int number = i;
            builder.route("r" + i, r -> {
                r.to("any");
                shape.apply(r, number);
            });
        }
        return Router.of(builder.configuration().routes(), Route::name);
    }

    /** Returns the least time of several rounds, so that a pause of the machine does not count. */
    private static double nanosPerSearch(Router<String> router, int count, IntFunction<RequestHead> request) {
        RequestHead[] heads = IntStream.range(0, Math.min(count, 100))
                .map(i -> i * count / Math.min(count, 100))
                .mapToObj(request)
                .toArray(RequestHead[]::new);
        long least = Long.MAX_VALUE;
        long found = 0;
        for (int round = 0; round < 10; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < SEARCHES; i++) {
                found += router.match(heads[i % heads.length]) == null ? 0 : 1;
            }
            least = Math.min(least, System.nanoTime() - start);
        }
        assertThat(found).isBetween(0L, 10L * SEARCHES);
        return (double) least / SEARCHES;
    }
}
