package io.lb4j.internal.route;

import com.sun.management.ThreadMXBean;
import io.lb4j.Builders;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.PathPolicyBuilder;
import io.lb4j.RedirectBuilder;
import io.lb4j.RouteBuilder;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.model.PathPolicy;
import io.lb4j.model.Route;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Routes that a test declares one after the other, each to be known by its name. */
final class Routes {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final int ROUNDS = 20_000;

    private final LoadBalancerBuilder builder =
            Builders.balancer().listener(l -> l.port(0)).cluster("any", c -> c.endpoint("127.0.0.1", 1));

    /** Declares a route that forwards. */
    Routes with(String name, Consumer<? super RouteBuilder> route) {
        builder.route(name, r -> {
            r.to("any");
            route.accept(r);
        });
        return this;
    }

    List<Route> all() {
        return builder.configuration().routes();
    }

    Router<String> router() {
        return Router.of(all(), Route::name);
    }

    /** Returns the name of the route that serves a GET, or null. */
    @Nullable String match(String authority, String target) {
        return router().match(request("GET", authority, target));
    }

    static Route only(Consumer<? super RouteBuilder> route) {
        return Builders.balancer()
                .listener(l -> l.port(0))
                .cluster("any", c -> c.endpoint("127.0.0.1", 1))
                .route(route)
                .configuration()
                .routes()
                .get(0);
    }

    static Route redirecting(String path, Consumer<? super RedirectBuilder> redirect) {
        return only(r -> r.path(path).redirect(redirect));
    }

    static PathPolicy pathPolicy(Consumer<? super PathPolicyBuilder> policy) {
        return Builders.balancer()
                .listener(l -> l.port(0).paths(policy))
                .configuration()
                .listeners()
                .get(0)
                .paths();
    }

    static RequestHead request(String method, String authority, String target) {
        return new RequestHead().method(Method.of(method)).authority(authority).target(target);
    }

    /** Returns how many octets this thread allocates for one run, once the code is warm. */
    static long allocatedBy(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < ROUNDS; i++) {
            action.run();
        }
        long least = Long.MAX_VALUE;
        // The compiler may take its time on a busy machine, and what it has not compiled yet allocates.
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        while (least > 0 && System.nanoTime() - deadlineNanos < 0) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                action.run();
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS);
        }
        return least;
    }
}
