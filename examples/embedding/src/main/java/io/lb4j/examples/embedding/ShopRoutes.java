package io.lb4j.examples.embedding;

import io.lb4j.RouteBuilder;
import java.time.Duration;

/**
 * The routes of a shop, without a word of where they lead. A program adds them to its balancer; {@code ShopRoutesTest} adds them to one whose upstreams
 * follow a script.
 *
 * <pre>
 * mvn -Dquick -pl examples/embedding -am test -Dtest=ShopRoutesTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
final class ShopRoutes {
    private ShopRoutes() {}

    /** What can be bought: is asked for again where that is safe. */
    static void catalog(RouteBuilder route) {
        route.path("/catalog/**")
                .method("GET", "HEAD")
                .to("catalog")
                .rewrite(rewrite -> rewrite.prefix("/"))
                .retry(retry -> retry.statuses("503").count(1));
    }

    /** What was bought: is never ordered twice, and has to be answered soon. */
    static void orders(RouteBuilder route) {
        route.path("/orders/**")
                .to("orders")
                .timeouts(times -> times.firstByte(Duration.ofMillis(500)))
                .retry(retry -> retry.count(0));
    }
}
