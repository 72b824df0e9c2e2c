package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.http3.H3Client.H3Frame;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http2.H2Options;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/3 on both legs, with a client and an endpoint that share no code with ours. */
final class BothLegsTest {
    private static final List<Map.Entry<String, String>> OK = List.of(Map.entry(":status", "200"));
    private static final List<Map.Entry<String, String>> WEBSOCKET = List.of(
            Map.entry(":method", "CONNECT"),
            Map.entry(":protocol", "websocket"),
            Map.entry(":scheme", "https"),
            Map.entry(":authority", "localhost"),
            Map.entry(":path", "/chat"),
            Map.entry("sec-websocket-version", "13"));

    static LoadBalancer before(H3Endpoint endpoint) {
        return LoadBalancer.builder()
                .listener(
                        "main",
                        listener -> listener.port(0)
                                .tls(tls -> tls.selfSigned("localhost"))
                                .http3(Http3.defaults()))
                .cluster(
                        "api",
                        cluster -> cluster.endpoint("127.0.0.1", endpoint.port())
                                .tls(tls -> tls.insecure())
                                .transportHeadStart(Duration.ofSeconds(20))
                                .http3(Http3Upstream.defaults()))
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(2)))
                .start();
    }

    private static LoadBalancer before(ScriptedH2Upstream endpoint) {
        return LoadBalancer.builder()
                .listener(
                        "main",
                        listener -> listener.port(0)
                                .tls(tls -> tls.selfSigned("localhost"))
                                .http3(Http3.defaults()))
                .cluster(
                        "api",
                        cluster -> cluster.endpoint("127.0.0.1", endpoint.port())
                                .protocol(UpstreamProtocol.HTTP2)
                                .tls(tls -> tls.insecure()))
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(2)))
                .start();
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 103})
    void informationalResponsesOfAnEndpointReachTheClient(int status) {
        try (H3Endpoint endpoint = H3Endpoint.start((request, head) -> {
                    request.fields(List.of(
                            Map.entry(":status", Integer.toString(status)),
                            Map.entry("link", "</s.css>; rel=preload")));
                    request.fields(OK).data("done".getBytes(UTF_8)).end();
                });
                LoadBalancer balancer = before(endpoint);
                H3Client client = H3Client.connect(balancer.port());
                RawClient older = RawClient.connect(balancer.port(), ClientTls.trustAll())) {
            H3Answer answer = client.post("/", new byte[1]);
            assertThat(answer.status(0)).isEqualTo(status);
            assertThat(answer.value(0, "link")).contains("</s.css>; rel=preload");
            assertThat(answer.status(1)).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("done");

            older.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
            assertThat(older.readHead().status()).isEqualTo(status);
            assertThat(older.readHead().status()).isEqualTo(200);
        }
    }

    private static void echo(H3Exchange request) {
        request.fields(OK);
        try {
            for (; ; ) {
                request.data(request.next().payload());
            }
        } catch (IOException end) {
            request.end();
        }
    }

    private static void converse(H3Client client) throws IOException {
        H3Exchange tunnel = client.open().fields(WEBSOCKET);
        assertThat(H3Client.fields(tunnel.next().payload())).contains(Map.entry(":status", "200"));
        for (String word : List.of("hello", "again")) {
            tunnel.data(word.getBytes(UTF_8));
            assertThat(tunnel.next().payload()).asString(UTF_8).isEqualTo(word);
        }
        tunnel.end();
        assertThat(tunnel.answer().isWhole()).isTrue();
    }

    @Test
    void aWebSocketGoesOverHttp3OnBothLegs() throws Exception {
        CompletableFuture<H3Frame> asked = new CompletableFuture<>();
        try (H3Endpoint endpoint = H3Endpoint.start((request, head) -> {
                    asked.complete(head);
                    echo(request);
                });
                LoadBalancer balancer = before(endpoint);
                H3Client client = H3Client.connect(balancer.port())) {
            converse(client);
            assertThat(H3Client.fields(asked.get(30, TimeUnit.SECONDS).payload()))
                    .contains(Map.entry(":method", "CONNECT"), Map.entry(":protocol", "websocket"))
                    .contains(Map.entry(":path", "/chat"), Map.entry("sec-websocket-version", "13"));
        }
    }

    @Test
    void aWebSocketOfHttp3GoesToAnEndpointOfHttp2() throws IOException {
        try (ScriptedH2Upstream endpoint = ScriptedH2Upstream.start(script -> {
                    script.tls(ServerTls.with(TestCertificates.create().server("endpoint.test"))
                            .alpn("h2"));
                    script.options(H2Options.defaults().setting(H2Options.ENABLE_CONNECT_PROTOCOL, 1));
                    script.onAny().echo();
                });
                LoadBalancer balancer = before(endpoint);
                H3Client client = H3Client.connect(balancer.port())) {
            converse(client);
            assertThat(endpoint.awaitStream().headers().first(":protocol")).contains("websocket");
        }
    }

    @Test
    void aSlowEndpointHoldsAFastClientBack() throws Exception {
        int pieces = 1_024;
        byte[] piece = new byte[16 << 10];
        CountDownLatch patience = new CountDownLatch(1);
        AtomicLong arrived = new AtomicLong();
        AtomicLong sent = new AtomicLong();
        try (H3Endpoint endpoint = H3Endpoint.start(
                        more -> more.maxConnectionBufferSize(128 << 10).maxBidirectionalStreamBufferSize(64 << 10),
                        (request, head) -> {
                            awaitCalmly(patience);
                            arrived.set(request.stream().getInputStream().transferTo(OutputStream.nullOutputStream()));
                            request.fields(OK).end();
                        });
                LoadBalancer balancer = before(endpoint);
                H3Client client = H3Client.connect(balancer.port())) {
            H3Exchange upload = client.open().head("POST", "/");
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < pieces; i++) {
                    upload.data(piece);
                    sent.addAndGet(piece.length);
                }
                upload.end();
            });
            AtomicLong before = new AtomicLong();
            await().pollInterval(Duration.ofSeconds(1))
                    .until(() -> before.getAndSet(sent.get()) == sent.get() && sent.get() > 0);
            assertThat(sent.get()).isLessThan(2L << 20);
            assertThat(octetsKept(balancer)).isLessThan(2L << 20);

            patience.countDown();
            assertThat(upload.answer().status()).isEqualTo(200);
            sending.get(30, TimeUnit.SECONDS);
            assertThat(arrived.get()).isGreaterThanOrEqualTo((long) pieces * piece.length);
        }
    }

    private static void awaitCalmly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static long octetsKept(LoadBalancer balancer) {
        ListenerStatistics listener =
                Objects.requireNonNull(balancer.stats().listeners().get("main"));
        return Objects.requireNonNull(
                Objects.requireNonNull(listener.transports().get("h3"))
                        .figures()
                        .get(Figure.OCTETS_KEPT.text()));
    }
}
