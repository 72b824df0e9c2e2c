package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.Frame;
import io.lb4j.testkit.http2.H2Error;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.net.PortPair;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By which codes streams are reset on one leg because they were reset on the other. */
final class ResetCodesTest {
    private final BlockingQueue<H3Exchange> begun = new ArrayBlockingQueue<>(1);
    private final StreamEnds seenByClient = new StreamEnds();

    private static LoadBalancer before(Consumer<ClusterBuilder> cluster) {
        return LoadBalancer.builder()
                .listener(
                        "main",
                        listener -> listener.port(0)
                                .tls(tls -> tls.selfSigned("localhost"))
                                .http3(Http3.defaults()))
                .cluster("api", made -> {
                    made.tls(tls -> tls.insecure()).transportHeadStart(Duration.ofSeconds(20));
                    cluster.accept(made);
                })
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(2)))
                .start();
    }

    private static LoadBalancer before(H3Endpoint endpoint) {
        return before(cluster -> cluster.endpoint("127.0.0.1", endpoint.port()).http3(Http3Upstream.defaults()));
    }

    private static LoadBalancer before(ScriptedH2Upstream endpoint) {
        return before(cluster -> cluster.endpoint("127.0.0.1", endpoint.port()).protocol(UpstreamProtocol.HTTP2));
    }

    /** Begins a response, and leaves the rest to the test. */
    private void begin(H3Exchange request) {
        request.fields(List.of(Map.entry(":status", "200"))).data("begun".getBytes(UTF_8));
        begun.add(request);
    }

    private H3Endpoint endpoint() {
        return H3Endpoint.start((request, head) -> begin(request));
    }

    private static ScriptedH2Upstream http2Endpoint(H2Error resetBy) {
        return ScriptedH2Upstream.start(script -> {
            script.tls(ServerTls.with(TestCertificates.create().server("endpoint.test"))
                    .alpn("h2"));
            script.onAny().early().headers(200).data("begun").stall().reset(resetBy);
        });
    }

    private H3Client http3Client(LoadBalancer balancer) {
        return H3Client.connect(balancer.port(), builder -> builder.logger(seenByClient));
    }

    private static RawH2Client http2Client(LoadBalancer balancer) {
        return RawH2Client.connect(balancer.port(), ClientTls.trustAll().alpn("h2"));
    }

    /** Returns the endpoint's side of the exchange whose response has begun at the client. */
    private H3Exchange begunAt(H3Exchange client) throws Exception {
        assertThat(client.next().type()).isEqualTo(H3Client.HEADERS);
        assertThat(client.next().payload()).asString(UTF_8).isEqualTo("begun");
        return take();
    }

    private H3Exchange take() throws InterruptedException {
        H3Exchange atEndpoint = begun.poll(30, TimeUnit.SECONDS);
        assertThat(atEndpoint).as("request at the endpoint").isNotNull();
        return atEndpoint;
    }

    @ParameterizedTest
    @CsvSource({
        "0x10c, 0x10c", // H3_REQUEST_CANCELLED
        "0x10d, 0x10d", // H3_REQUEST_INCOMPLETE
        "0x102, 0x102", // H3_INTERNAL_ERROR
        "0x107, 0x107", // H3_EXCESSIVE_LOAD
        "0x10f, 0x10f", // H3_CONNECT_ERROR
        "0x100, 0x102", // H3_NO_ERROR: the response must not pass for whole
        "0x10b, 0x102", // H3_REQUEST_REJECTED: the request was processed, and must not be repeated
        "0x110, 0x102", // H3_VERSION_FALLBACK: as above
        "0x101, 0x102", // H3_GENERAL_PROTOCOL_ERROR: of another connection
        "0x10e, 0x102", // H3_MESSAGE_ERROR: of another connection
        "0x77, 0x102" // nobody's
    })
    void theEndpointsCodeReachesAClientOfHttp3(long sent, long seen) throws Exception {
        try (H3Endpoint endpoint = endpoint();
                LoadBalancer balancer = before(endpoint);
                H3Client client = http3Client(balancer)) {
            H3Exchange exchange = client.open().head("GET", "/").end();
            begunAt(exchange).stream().resetStream(sent);
            assertThat(seenByClient.awaitReset(exchange.stream().getStreamId())).isEqualTo(seen);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x10c, 0x10c",
        "0x10d, 0x10d",
        "0x102, 0x102",
        "0x107, 0x107",
        "0x10f, 0x10f",
        "0x100, 0x10c",
        "0x10b, 0x10c",
        "0x110, 0x10c",
        "0x101, 0x10c",
        "0x77, 0x10c"
    })
    void theCodeOfAClientOfHttp3ReachesTheEndpoint(long sent, long seen) throws Exception {
        try (H3Endpoint endpoint = endpoint();
                LoadBalancer balancer = before(endpoint);
                H3Client client = http3Client(balancer)) {
            H3Exchange exchange = client.open().head("POST", "/");
            H3Exchange atEndpoint = begunAt(exchange);
            exchange.stream().resetStream(sent);
            assertThat(endpoint.ends().awaitReset(atEndpoint.stream().getStreamId()))
                    .isEqualTo(seen);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x10c, CANCEL",
        "0x102, INTERNAL_ERROR",
        "0x107, ENHANCE_YOUR_CALM",
        "0x10f, CONNECT_ERROR",
        "0x100, INTERNAL_ERROR",
        "0x10b, INTERNAL_ERROR",
        "0x110, INTERNAL_ERROR"
    })
    void theCodeOfAnEndpointOfHttp3MeansTheSameToAClientOfHttp2(long sent, H2Error seen) throws Exception {
        try (H3Endpoint endpoint = endpoint();
                LoadBalancer balancer = before(endpoint);
                RawH2Client client = http2Client(balancer)) {
            int stream = client.open(client.head("GET", "/"), true);
            client.awaitBody(stream, "begun".length());
            take().stream().resetStream(sent);
            assertThat(client.awaitReset(stream)).isEqualTo(seen);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CANCEL, 0x10c",
        "INTERNAL_ERROR, 0x102",
        "ENHANCE_YOUR_CALM, 0x107",
        "CONNECT_ERROR, 0x10f",
        "NO_ERROR, 0x10c",
        "REFUSED_STREAM, 0x10c",
        "PROTOCOL_ERROR, 0x10c"
    })
    void theCodeOfAClientOfHttp2MeansTheSameToAnEndpointOfHttp3(H2Error sent, long seen) throws Exception {
        try (H3Endpoint endpoint = endpoint();
                LoadBalancer balancer = before(endpoint);
                RawH2Client client = http2Client(balancer)) {
            int stream = client.open(client.head("POST", "/"), false);
            client.awaitBody(stream, "begun".length());
            client.send(Frame.reset(stream, sent));
            assertThat(endpoint.ends().awaitReset(take().stream().getStreamId()))
                    .isEqualTo(seen);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CANCEL, 0x10c",
        "INTERNAL_ERROR, 0x102",
        "ENHANCE_YOUR_CALM, 0x107",
        "CONNECT_ERROR, 0x10f",
        "NO_ERROR, 0x102",
        "REFUSED_STREAM, 0x102",
        "HTTP_1_1_REQUIRED, 0x102",
        "PROTOCOL_ERROR, 0x102"
    })
    void theCodeOfAnEndpointOfHttp2MeansTheSameToAClientOfHttp3(H2Error sent, long seen) throws Exception {
        try (ScriptedH2Upstream endpoint = http2Endpoint(sent);
                LoadBalancer balancer = before(endpoint);
                H3Client client = http3Client(balancer)) {
            H3Exchange exchange = client.open().head("GET", "/").end();
            assertThat(exchange.next().type()).isEqualTo(H3Client.HEADERS);
            assertThat(exchange.next().payload()).asString(UTF_8).isEqualTo("begun");
            endpoint.release();
            assertThat(seenByClient.awaitReset(exchange.stream().getStreamId())).isEqualTo(seen);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0x10c, CANCEL",
        "0x102, INTERNAL_ERROR",
        "0x107, ENHANCE_YOUR_CALM",
        "0x10f, CONNECT_ERROR",
        "0x10b, CANCEL",
        "0x77, CANCEL"
    })
    void theCodeOfAClientOfHttp3MeansTheSameToAnEndpointOfHttp2(long sent, H2Error seen) throws IOException {
        try (ScriptedH2Upstream endpoint = http2Endpoint(H2Error.NO_ERROR);
                LoadBalancer balancer = before(endpoint);
                H3Client client = http3Client(balancer)) {
            H3Exchange exchange = client.open().head("POST", "/");
            assertThat(exchange.next().type()).isEqualTo(H3Client.HEADERS);
            exchange.stream().resetStream(sent);
            assertThat(endpoint.awaitStream().awaitReset()).isEqualTo(seen);
        }
    }

    /** Whatever the code says: what has begun was processed. */
    @ParameterizedTest
    @CsvSource({"0x10b", "0x110"})
    void aRequestIsNotMadeAgainOnceItsResponseHasBegun(long code) throws Exception {
        PortPair<ScriptedUpstream> ports = PortPair.bind(
                () -> ScriptedUpstream.start(script -> {
                    script.tls(ServerTls.with(TestCertificates.create().server("endpoint.test")));
                    script.onAny().answer(200, "again");
                }),
                ScriptedUpstream::address);
        try (ScriptedUpstream tcp = ports.tcp();
                H3Endpoint endpoint = H3Endpoint.at(ports.udp(), (request, head) -> begin(request));
                LoadBalancer balancer = before(endpoint);
                RawClient client = RawClient.connect(balancer.port(), ClientTls.trustAll())) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            client.readUntil("begun\r\n");
            take().stream().resetStream(code);

            client.expectClose();
            assertThat(tcp.requestCount()).isZero();
        }
    }

    @Test
    void aRequestThatTheEndpointRejectsBeforeItsResponseIsMadeAgain() throws Exception {
        try (H3Endpoint endpoint = H3Endpoint.start((request, head) -> {
                    if (request.stream().getStreamId() == 0) {
                        request.stream().resetStream(0x10b);
                    } else {
                        begin(request);
                    }
                });
                LoadBalancer balancer = before(endpoint);
                H3Client client = http3Client(balancer)) {
            H3Exchange exchange = client.open().head("POST", "/").end();
            begunAt(exchange).end();
            assertThat(exchange.answer().isWhole()).isTrue();
        }
    }
}
