package io.lb4j.benchmarks;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.RouteBuilder;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.route.Router;
import io.lb4j.model.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to find the route of a request, among few and among many. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RoutingBenchmark {
    /** Requests that take turns: a power of two. */
    private static final int REQUESTS = 1024;

    private static final int STEP = 7919; // spreads the requests over the routes; a prime

    /** How many routes there are, each with a host or a path of its own. */
    @Param({"10", "10000"})
    public int routes;

    private final List<RequestHead> toHosts = new ArrayList<>();
    private final List<RequestHead> toPaths = new ArrayList<>();
    private final List<RequestHead> belowPrefixes = new ArrayList<>();
    private Router<String> byHost = Router.of(List.of(), Route::name);
    private Router<String> byPath = byHost;
    private Router<String> byPrefix = byHost;
    private int next;

    /** Makes the routers and the requests. */
    @Setup
    public void prepare() {
        byHost = router((route, i) -> route.host(host(i)).path("/**"));
        byPath = router((route, i) -> route.path(path(i)));
        byPrefix = router((route, i) -> route.path(path(i) + "/**"));
        for (int i = 0; i < REQUESTS; i++) {
            int chosen = i * STEP % routes;
            toHosts.add(new RequestHead().authority(host(chosen)).target("/some/path"));
            toPaths.add(new RequestHead().authority("example.com").target(path(chosen)));
            belowPrefixes.add(new RequestHead().authority("example.com").target(path(chosen) + "/item"));
        }
    }

    private Router<String> router(ObjIntConsumer<RouteBuilder> condition) {
        LoadBalancerBuilder builder = LoadBalancer.builder()
                .listener(listener -> listener.port(0))
                .cluster("origin", cluster -> cluster.endpoint("127.0.0.1", 80));
        for (int i = 0; i < routes; i++) {
            int number = i;
            builder.route("route-" + i, route -> {
                condition.accept(route, number);
                route.to("origin");
            });
        }
        return Router.of(builder.configuration().routes(), Route::name);
    }

    private static String host(int number) {
        return "host-" + number + ".example.com";
    }

    private static String path(int number) {
        return "/services/service-" + number;
    }

    /** Finds one of many hosts. */
    @Benchmark
    public @Nullable String host() {
        return byHost.match(toHosts.get(turn()));
    }

    /** Finds one of many exact paths. */
    @Benchmark
    public @Nullable String exactPath() {
        return byPath.match(toPaths.get(turn()));
    }

    /** Finds one of many prefixes. */
    @Benchmark
    public @Nullable String prefix() {
        return byPrefix.match(belowPrefixes.get(turn()));
    }

    private int turn() {
        next = (next + 1) & (REQUESTS - 1);
        return next;
    }
}
