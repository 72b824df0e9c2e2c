package io.lb4j.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The extension as its users have it: in a static field. The order of the tests shows what one leaves to the next. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LoadBalancerExtensionTest {
    @RegisterExtension
    static final LoadBalancerExtension lb = LoadBalancerExtension.builder()
            .cluster("api", api -> api.upstream("one").upstream("two"))
            .upstream("solo", script -> {
                script.onAny().times(1).reset();
                script.onAny().answer(200);
            })
            .cluster(
                    "rpc",
                    rpc -> rpc.h2Upstream("three", script -> script.onAny().answer(200)))
            .route(route -> route.path("/rpc/**").to("rpc"))
            .route(route -> route.path("/solo/**").to("solo"))
            .route(route -> route.path("/**").to("api"))
            .build();

    @Test
    @Order(1)
    void spreadsRequestsOverTheUpstreamsOfACluster() {
        for (int i = 0; i < 4; i++) {
            assertThat(lb.get("/").statusCode()).isEqualTo(200);
        }

        assertThat(lb.upstream("one").requestCount()).isEqualTo(2);
        assertThat(lb.upstream("two").requestCount()).isEqualTo(2);
    }

    @Test
    @Order(2)
    void forgetsWhatTheTestBeforeHasDone() {
        assertThat(lb.upstream("one").requests()).isEmpty();
        assertThat(lb.accessRecords()).isEmpty();
    }

    @Test
    @Order(3)
    void speaksHttp2WithUpstreamsOfHttp2() {
        assertThat(lb.get("/rpc/").headers().firstValue("x-upstream")).contains("three");
        assertThat(lb.h2Upstream("three").streams()).hasSize(1);
    }

    @Test
    @Order(4)
    void tellsOfExchangesThatHaveEnded() {
        lb.send(HttpRequest.newBuilder(lb.uri("/rpc/x")).DELETE());

        assertThat(lb.awaitAccessRecord(record -> record.request().path().equals("/rpc/x"))
                        .response()
                        .status())
                .isEqualTo(200);
        assertThat(lb.h2Upstream("three").streams()).hasSize(1);
    }

    @Test
    @Order(5)
    void takesAnotherConfigurationForOneTest() {
        lb.update(builder -> builder.route(route -> route.path("/new").respond(203)));

        assertThat(lb.get("/new").statusCode()).isEqualTo(203);
    }

    @Test
    @Order(6)
    void hasTheConfigurationItWasBuiltWithInTheNext() {
        assertThat(lb.get("/new").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(7)
    void playsTheSecondPartOfAScriptAfterTheFirst() {
        assertThat(lb.get("/solo/").statusCode()).isEqualTo(200);
        assertThat(lb.upstream("solo").requests()).hasSize(2);
    }

    @Test
    @Order(8)
    void playsScriptsFromTheBeginningInEachTest() {
        assertThat(lb.get("/solo/").statusCode()).isEqualTo(200);
        assertThat(lb.upstream("solo").requests()).hasSize(2);
    }

    @Test
    @Order(9)
    void letsATestStopAnUpstream() {
        lb.upstream("solo").stopListening();
        lb.upstream("solo").resetConnections();

        assertThat(lb.get("/solo/").statusCode()).isEqualTo(502);
    }

    @Test
    @Order(10)
    void hasAllUpstreamsListeningAgainInTheNext() {
        assertThat(lb.get("/solo/").statusCode()).isEqualTo(200);
    }

    @Test
    void handsTheBalancerToATestThatAsksForIt(LoadBalancer balancer) {
        assertThat(balancer).isSameAs(lb.balancer());
    }

    @Test
    void letsATestSendItsOwnBytes() {
        try (RawClient client = lb.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\n\r\n").readResponse().status())
                    .isEqualTo(400);
        }
    }

    @Test
    void namesTheUpstreamsThereAreWhenAskedForAnother() {
        assertThatThrownBy(() -> lb.upstream("four"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("upstream: four (expected: one of [one, two, solo, three])");
        assertThatThrownBy(() -> lb.h2Upstream("one")).hasMessage("upstream: one of HTTP/1.1 (expected: of HTTP/2)");
    }

    @Nested
    final class WithinANestedClass {
        @Test
        void theSameBalancerServes() {
            assertThat(lb.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void refusesAClusterOfTwoProtocols() {
        LoadBalancerExtension.Builder builder = LoadBalancerExtension.builder();

        assertThatThrownBy(() -> builder.cluster(
                        "mixed",
                        mixed -> mixed.upstream("a")
                                .h2Upstream("b", script -> script.onAny().answer(200))))
                .hasMessage(
                        "cluster mixed: 2 upstreams, 1 of them of HTTP/2 (expected: at least one, and one protocol)");
    }
}
