package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.net.UdpRelay;
import io.lb4j.testkit.time.TimeBound;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** HTTP/3 with endpoints. */
final class UpstreamTest {
    static LoadBalancerBuilder before(int port, Http3Upstream http3) {
        return before(port, http3, cluster -> cluster.transportHeadStart(Duration.ofSeconds(5)));
    }

    static LoadBalancerBuilder before(int port, Http3Upstream http3, Consumer<ClusterBuilder> more) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster("api", cluster -> {
                    cluster.endpoint("127.0.0.1", port)
                            .tls(tls -> tls.insecure())
                            .http3(http3);
                    more.accept(cluster);
                })
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(2)));
    }

    private static RawResponse ask(LoadBalancer balancer, String request) {
        try (RawClient client = RawClient.connect(balancer.port())) {
            return client.send(request).readResponse();
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a.test\r\n\r\n";
    }

    @Test
    void requestsGoOverOnePooledConnection() {
        try (ScriptedUpstream origin = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).header("x-a", "b").body("hello")));
                Edge edge = Edge.before(origin);
                LoadBalancer balancer =
                        before(edge.port(), Http3Upstream.defaults()).start()) {
            for (int i = 0; i < 5; i++) {
                RawResponse answer = ask(balancer, get("/things?a=b"));
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("hello");
                assertThat(answer.headers().first("x-a")).contains("b");
            }
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
            assertThat(edge.figure(Figure.STREAMS)).isEqualTo(5);
            assertThat(origin.awaitRequest().target()).isEqualTo("/things?a=b");
        }
    }

    @Test
    void bodiesAndTrailersGoBothWays() {
        byte[] body = new byte[2_000_000];
        new Random(1).nextBytes(body);
        try (ScriptedUpstream origin = ScriptedUpstream.start(script -> script.keepBodies(8_000_000)
                        .onAny()
                        .answer(Answer.status(200).body(body).chunked().trailer("x-answered", "all of it")));
                Edge edge = Edge.before(origin);
                LoadBalancer balancer =
                        before(edge.port(), Http3Upstream.defaults()).start();
                RawClient client = RawClient.connect(balancer.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTE: trailers\r\nTrailer: x-sent\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length) + "\r\n");
            client.send(body).send("\r\n0\r\nx-sent: all of it\r\n\r\n");
            RawResponse answer = client.readResponse();
            RecordedRequest request = origin.awaitRequest().awaitComplete();

            assertThat(edge.figure(Figure.STREAMS)).isEqualTo(1);
            assertThat(request.body().bytes()).isEqualTo(body);
            assertThat(request.trailers().first("x-sent")).contains("all of it");
            assertThat(answer.body().bytes()).isEqualTo(body);
            assertThat(answer.trailers().first("x-answered")).contains("all of it");
        }
    }

    @Test
    void headAndNotModifiedKeepTheirContentLength() {
        try (ScriptedUpstream origin = ScriptedUpstream.start(script -> {
                    script.on("/cached")
                            .answer(Answer.status(304)
                                    .header("content-length", "1000")
                                    .unframed());
                    script.onAny().answer(Answer.status(200).body("hello"));
                });
                Edge edge = Edge.before(origin);
                LoadBalancer balancer =
                        before(edge.port(), Http3Upstream.defaults()).start();
                RawClient client = RawClient.connect(balancer.port())) {
            RawResponse cached = client.send(get("/cached")).readResponse();
            assertThat(cached.status()).isEqualTo(304);
            assertThat(cached.headers().first("content-length")).contains("1000");

            RawResponse head =
                    client.send("HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n").readResponse("HEAD");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.headers().first("content-length")).contains("5");

            assertThat(client.send(get("/")).readResponse().text()).isEqualTo("hello");
            assertThat(edge.figure(Figure.STREAMS)).isEqualTo(3);
        }
    }

    @Test
    void aTruncatedAnswerDoesNotLookWhole() {
        try (ScriptedUpstream origin = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).body("x".repeat(100_000)).truncateBody(50_000)));
                Edge edge = Edge.before(origin);
                LoadBalancer balancer =
                        before(edge.port(), Http3Upstream.defaults()).start()) {
            RawResponse answer = ask(balancer, get("/"));
            assertThat(answer.status() != 200 || answer.wasTruncated())
                    .as("%s", answer)
                    .isTrue();
        }
    }

    @TimeBound
    @Test
    void aRequestThatMayHaveBeenServedIsNotMadeAgain() {
        try (ScriptedUpstream origin =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(origin);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                LoadBalancer balancer = before(
                                relay.port(), Http3Upstream.of(http3 -> http3.maxIdleTimeout(Duration.ofSeconds(1))))
                        .start();
                RawClient client = RawClient.connect(balancer.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi");
            origin.awaitRequest();
            relay.blackhole(true);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> FiguresTest.upstreamFigure(balancer, Figure.CONNECTIONS_TIMED_OUT) == 1);
            relay.blackhole(false);

            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(origin.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void onlyEndpointsThatAdvertiseItAreAskedWhereTheConfigurationSaysSo() {
        try (ScriptedUpstream origin =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "hello"));
                Edge edge = Edge.before(origin);
                LoadBalancer balancer = before(
                                edge.port(),
                                Http3Upstream.of(http3 -> http3.use(Http3Use.ADVERTISED)),
                                cluster -> cluster.pool(pool -> pool.maxRequests(1)))
                        .start()) {
            RawResponse first = ask(balancer, get("/"));
            assertThat(first.text()).isEqualTo("hello");
            assertThat(first.headers().first("alt-svc"))
                    .as("said to the balancer")
                    .isEmpty();
            assertThat(edge.figure(Figure.CONNECTIONS)).as("nothing known yet").isZero();

            await().untilAsserted(() -> {
                assertThat(ask(balancer, get("/")).text()).isEqualTo("hello");
                assertThat(edge.figure(Figure.STREAMS)).isPositive();
            });
        }
    }

    @Test
    void anAdvertisedPortIsNotAskedWhereAllEndpointsAre() {
        try (ReservedPort dead = ReservedPort.any();
                ScriptedUpstream origin = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200)
                                .header("alt-svc", "h3=\":" + dead.port() + "\"; ma=3600")
                                .body("hello")));
                Edge edge = Edge.before(origin);
                LoadBalancer balancer = before(
                                edge.port(),
                                Http3Upstream.defaults(),
                                cluster -> cluster.transportHeadStart(Duration.ofSeconds(5))
                                        .pool(pool -> pool.maxRequests(1)))
                        .start()) {
            for (int i = 1; i <= 3; i++) {
                assertThat(ask(balancer, get("/")).text()).isEqualTo("hello");
                assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(i);
            }
        }
    }

    /** Nor is one made twice: requests that are not idempotent, before, while and after the endpoint's HTTP/3 drains. */
    @Test
    void aDrainedEndpointLosesNoRequest() throws Exception {
        int requests = 300;
        CountDownLatch some = new CountDownLatch(50);
        try (ScriptedUpstream origin =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "hello"));
                Edge edge = Edge.before(origin);
                LoadBalancer balancer = before(edge.port(), Http3Upstream.defaults(), cluster -> {})
                        .start();
                RawClient client = RawClient.connect(balancer.port())) {
            CompletableFuture<List<Integer>> posting = CompletableFuture.supplyAsync(() -> IntStream.range(0, requests)
                    .mapToObj(n -> {
                        some.countDown();
                        return client.send("POST /" + n + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi")
                                .readResponse()
                                .status();
                    })
                    .toList());
            some.await();
            edge.balancer()
                    .update(Edge.builder(origin, Http3.of(http3 -> http3.enabled(false)), listener -> {}, builder -> {})
                            .configuration());

            assertThat(posting.get(60, TimeUnit.SECONDS)).hasSize(requests).containsOnly(200);
            assertThat(origin.requestCount()).isEqualTo(requests);
        }
    }

    @Test
    void aWebSocketOfHttp11GoesToAnEndpointOfHttp3() throws Exception {
        try (ScriptedUpstream origin =
                        ScriptedUpstream.start(script -> script.onAny().upgrade("websocket"));
                Edge edge = Edge.before(origin);
                LoadBalancer balancer =
                        before(edge.port(), Http3Upstream.defaults()).start();
                RawClient client = RawClient.connect(balancer.port())) {
            client.send("GET /chat HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(101);
            client.send("hello");
            assertThat(new String(client.read(5), UTF_8)).isEqualTo("hello");
        }
    }

    @Test
    void aClusterWithoutTlsCannotHaveIt() {
        assertThatThrownBy(() -> LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .cluster(
                                "api",
                                cluster -> cluster.endpoint("127.0.0.1", 1).http3(Http3Upstream.defaults()))
                        .route(route -> route.path("/**").to("api"))
                        .start())
                .hasMessageContaining("tls");
    }

    @Test
    void aConnectionTakesSoManyRequestsAndNoMore() {
        try (ScriptedUpstream origin =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                Edge edge = Edge.before(origin);
                LoadBalancer balancer = before(edge.port(), Http3Upstream.of(http3 -> http3.maxStreams(2)))
                        .start();
                RawClient first = RawClient.connect(balancer.port());
                RawClient second = RawClient.connect(balancer.port());
                RawClient third = RawClient.connect(balancer.port())) {
            first.send(get("/1"));
            origin.awaitRequests(1);
            second.send(get("/2"));
            origin.awaitRequests(2);
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);

            third.send(get("/3"));
            origin.awaitRequests(3);
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(2);
            origin.release();
            for (RawClient client : List.of(first, second, third)) {
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void whatTheEndpointGrantsIsKeptTo() {
        try (ScriptedUpstream origin =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                Edge edge = Edge.before(origin, Http3.of(http3 -> http3.maxIncomingStreams(1)));
                LoadBalancer balancer =
                        before(edge.port(), Http3Upstream.defaults()).start();
                RawClient first = RawClient.connect(balancer.port());
                RawClient second = RawClient.connect(balancer.port())) {
            first.send(get("/1"));
            origin.awaitRequests(1);
            second.send(get("/2"));
            origin.awaitRequests(2);
            origin.release();

            assertThat(first.readResponse().status()).isEqualTo(200);
            assertThat(second.readResponse().status()).isEqualTo(200);
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(2);
        }
    }

    @Test
    void aFieldSectionOfAResponseMayBeSoLargeAndNoLarger() {
        int bound = 2_048;
        // RFC 9114 §4.2.2: each field counts with 32 octets more
        int fits = bound - (":status".length() + 3 + 32) - ("x-large".length() + 32);
        try (H3Endpoint endpoint = H3Endpoint.start((request, head) -> {
                    String path = H3Client.fields(head.payload()).stream()
                            .filter(field -> field.getKey().equals(":path"))
                            .findFirst()
                            .orElseThrow()
                            .getValue();
                    int length = fits + Integer.parseInt(path.substring(1));
                    request.fields(List.of(Map.entry(":status", "200"), Map.entry("x-large", "x".repeat(length))))
                            .end();
                });
                LoadBalancer balancer = before(endpoint.port(), Http3Upstream.of(http3 -> http3.maxFieldSection(bound)))
                        .start()) {
            assertThat(ask(balancer, get("/0")).status()).isEqualTo(200);
            assertThat(ask(balancer, get("/1")).status()).isEqualTo(502);
            assertThat(ask(balancer, get("/0")).status()).isEqualTo(200);
            assertThat(endpoint.connections()).as("a larger one has ended it").isGreaterThan(1);
        }
    }
}
