package io.lb4j.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.junit.LoadBalancerExtension;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An example of a test with lb-testkit: a balancer with the routes of the program, before upstreams that follow a script. Nothing is mocked, no port is
 * chosen, nobody sleeps.
 */
final class ShopRoutesTest {
    @RegisterExtension
    static final LoadBalancerExtension lb = LoadBalancerExtension.builder()
            .cluster(
                    "catalog",
                    catalog -> catalog.upstream("one", script -> script.onAny().answer(503))
                            .upstream("two", script -> script.onAny().answer(200, "a teapot")))
            .upstream("orders", script -> {
                script.on("POST", "/orders/broken").reset();
                script.on("GET", "/orders/slow").stall();
                script.onAny().answer(201);
            })
            .route(ShopRoutes::catalog)
            .route(ShopRoutes::orders)
            .build();

    @Test
    void theCatalogIsAskedForAgainWhereItIsBusy() {
        for (int i = 0; i < 4; i++) {
            assertThat(lb.get("/catalog/teapots").body()).isEqualTo("a teapot");
        }

        assertThat(lb.upstream("one").requests()).isNotEmpty();
        assertThat(lb.upstream("two").awaitRequest().target()).isEqualTo("/teapots");
    }

    @Test
    void theCatalogCannotBeWrittenTo() {
        assertThat(lb.send(HttpRequest.newBuilder(lb.uri("/catalog/teapots")).DELETE())
                        .statusCode())
                .isEqualTo(405);
        assertThat(lb.upstream("two").requests()).isEmpty();
    }

    @Test
    void anOrderIsNeverSentTwice() {
        assertThat(order("/orders/new")).isEqualTo(201);
        assertThat(order("/orders/broken")).isEqualTo(502);

        assertThat(lb.upstream("orders").requestCount()).isEqualTo(2);
    }

    @Test
    void anOrderThatHangsIsGivenUp() {
        assertThat(lb.get("/orders/slow").statusCode()).isEqualTo(504);
        assertThat(lb.awaitAccessRecord(access -> access.request().path().equals("/orders/slow"))
                        .response()
                        .status())
                .isEqualTo(504);
    }

    private static int order(String path) {
        return lb.send(HttpRequest.newBuilder(lb.uri(path)).POST(HttpRequest.BodyPublishers.ofString("a teapot")))
                .statusCode();
    }
}
