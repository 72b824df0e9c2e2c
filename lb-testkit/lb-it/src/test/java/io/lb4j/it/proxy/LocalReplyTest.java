package io.lb4j.it.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LocalReplyTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void answers404WhereNoRouteMatches() {
        try (LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send(GET).readResponse();

            assertThat(response.status()).isEqualTo(404);
            assertThat(response.headers().first("x-lb4j-reason")).contains("no_route");
        }
    }

    @Test
    void answers405WithAllowWhereOnlyTheMethodIsWrong() {
        try (LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .route(route -> route.path("/").method("POST", "PUT").respond(200))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send(GET).readResponse();

            assertThat(response.status()).isEqualTo(405);
            assertThat(response.headers().first("allow")).contains("POST, PUT");
        }
    }

    @Test
    void answers502WhereTheEndpointRefusesConnections() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            upstream.stopListening();
            try (LoadBalancer lb = Balancers.before(upstream);
                    RawClient client = RawClient.connect(lb.port())) {
                RawResponse response = client.send(GET).readResponse();

                assertThat(response.status()).isEqualTo(502);
                assertThat(response.headers().first("x-lb4j-reason")).contains("connect_failed");
            }
        }
    }

    @Test
    void answers504WhereTheEndpointIsTooLate() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                LoadBalancer lb = Balancers.configured(
                                List.of(upstream),
                                route -> route.timeouts(times -> times.firstByte(Duration.ofMillis(100))))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send(GET).readResponse();

            assertThat(response.status()).isEqualTo(504);
            assertThat(response.headers().first("x-lb4j-reason")).contains("first_byte_timeout");
            upstream.release();
        }
    }

    @Test
    void answers400ToWhatParsersReadInDifferentWaysAndForwardsNothing() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = Balancers.before(upstream);
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                    .readResponse();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.headers().first("x-lb4j-reason")).contains("malformed_request");
            client.expectClose();
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void keepsTheReasonToItselfWhenToldSo() {
        try (LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0).reasonHeader(false))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            assertThat(client.send(GET).readResponse().headers().first("x-lb4j-reason"))
                    .isEmpty();
        }
    }

    @Test
    void aGrpcClientFindsTheFailureInGrpcsOwnTerms() {
        try (LoadBalancer lb = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            RawResponse response = client.send(
                            "POST /a.B/C HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\n\r\n")
                    .readResponse();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers().first("grpc-status")).contains("12");
            assertThat(response.headers().first("content-type")).contains("application/grpc");

            RawResponse web = client.send(
                            "POST /a.B/C HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc-web+proto\r\nContent-Length: 0\r\n\r\n")
                    .readResponse();
            assertThat(web.headers().first("grpc-status")).contains("12");
            assertThat(web.headers().first("content-type")).contains("application/grpc-web+proto");
        }
    }
}
