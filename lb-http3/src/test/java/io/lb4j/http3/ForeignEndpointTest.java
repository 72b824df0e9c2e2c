package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.UpstreamTlsBuilder;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.kwik.flupke.server.HttpServerRequest;
import tech.kwik.flupke.server.HttpServerResponse;

/** HTTP/3 with an endpoint that shares no code with ours. */
final class ForeignEndpointTest {
    private final TestCertificates authority = TestCertificates.create();

    @TempDir
    private Path files;

    private static void echo(HttpServerRequest request, HttpServerResponse response) throws IOException {
        response.setStatus(200);
        response.addHeader("x-saw", request.method() + " " + request.path());
        try (OutputStream out = response.getOutputStream()) {
            if (request.method().equals("POST")) {
                request.body().transferTo(out);
            } else {
                out.write("hello".getBytes(UTF_8));
            }
        }
    }

    private FlupkeEndpoint endpoint() {
        return new FlupkeEndpoint(authority.server("endpoint.test"), ForeignEndpointTest::echo);
    }

    private LoadBalancer before(int port, Consumer<UpstreamTlsBuilder> tls) throws IOException {
        Path trust = authority.writePem(files.resolve("ca.pem"));
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster(
                        "api",
                        cluster -> cluster.endpoint("127.0.0.1", port)
                                .tls(made -> tls.accept(made.trust(trust)))
                                .transportHeadStart(Duration.ofSeconds(5))
                                .http3(Http3Upstream.defaults()))
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(2)))
                .start();
    }

    @Test
    void requestsAndBodiesGoBothWays() throws Exception {
        byte[] body = new byte[300_000];
        new Random(5).nextBytes(body);
        try (FlupkeEndpoint endpoint = endpoint();
                LoadBalancer balancer = before(endpoint.port(), tls -> tls.serverName("endpoint.test"));
                RawClient client = RawClient.connect(balancer.port())) {
            for (int i = 0; i < 60; i++) {
                RawResponse answer = client.send("GET /things HTTP/1.1\r\nHost: a.test\r\n\r\n")
                        .readResponse();
                assertThat(answer.text()).isEqualTo("hello");
                assertThat(answer.headers().first("x-saw")).contains("GET /things");
            }
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + body.length + "\r\n\r\n");
            assertThat(client.send(body).readResponse().body().bytes()).isEqualTo(body);
        }
    }

    @Test
    void anEndpointWithTheWrongNameIsNotTrusted() throws Exception {
        try (FlupkeEndpoint endpoint = endpoint();
                LoadBalancer balancer = before(endpoint.port(), tls -> tls.serverName("other.test"));
                RawClient client = RawClient.connect(balancer.port())) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .readResponse()
                            .status())
                    .isBetween(502, 503);
        }
    }

    @Test
    void anEndpointOfAnUnknownAuthorityIsNotTrusted() throws Exception {
        TestCertificates stranger = TestCertificates.create();
        try (FlupkeEndpoint endpoint = new FlupkeEndpoint(stranger.server("endpoint.test"), ForeignEndpointTest::echo);
                LoadBalancer balancer = before(endpoint.port(), tls -> tls.serverName("endpoint.test"));
                RawClient client = RawClient.connect(balancer.port())) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .readResponse()
                            .status())
                    .isBetween(502, 503);
        }
    }
}
