package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Networks that lose datagrams, and bring them out of order. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class LossTest {
    private static final Impairment BAD = Impairment.none()
            .delay(Duration.ofMillis(2))
            .loss(0.03)
            .reorder(0.1, Duration.ofMillis(10))
            .seed(42);

    private static ScriptedUpstream echo() {
        return ScriptedUpstream.start(
                script -> script.keepBodies(4_000_000).onAny().echo());
    }

    private static UdpRelay relayTo(int port) {
        return UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static byte[] random(int octets) {
        byte[] body = new byte[octets];
        new Random(octets).nextBytes(body);
        return body;
    }

    @Test
    void bodiesArriveWholeFromAClient() {
        byte[] body = random(300_000);
        try (ScriptedUpstream upstream = echo();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = relayTo(edge.port());
                H3Client client = H3Client.connect(relay.port())) {
            relay.impair(BAD);
            assertThat(client.post("/", body).body()).isEqualTo(body);
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
            }
            assertThat(relay.lost()).isPositive();
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
        }
    }

    @Test
    void bodiesArriveWholeFromAnEndpoint() {
        byte[] body = random(1_000_000);
        try (ScriptedUpstream upstream = echo();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = relayTo(edge.port());
                LoadBalancer balancer = LoadBalancer.builder()
                        .listener("main", listener -> listener.port(0))
                        .cluster(
                                "api",
                                cluster -> cluster.endpoint("127.0.0.1", relay.port())
                                        .tls(tls -> tls.insecure())
                                        .transportHeadStart(Duration.ofSeconds(10))
                                        .http3(Http3Upstream.defaults()))
                        .route(route -> route.path("/**").to("api"))
                        .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(2)))
                        .start();
                RawClient client = RawClient.connect(balancer.port())) {
            relay.impair(BAD);
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + body.length + "\r\n\r\n");
            client.send(body);

            assertThat(client.readResponse().body().bytes()).isEqualTo(body);
            assertThat(relay.lost()).isPositive();
        }
    }

    @Test
    void aHandshakeSucceedsWhereEveryThirdDatagramIsLost() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                UdpRelay relay = relayTo(edge.port())) {
            relay.impair(Impairment.none().loss(0.33).seed(7));
            try (H3Client client =
                    H3Client.connect(relay.port(), builder -> builder.connectTimeout(Duration.ofSeconds(60)))) {
                relay.impair(Impairment.none());
                assertThat(client.get("/gone").status()).isEqualTo(410);
            }
        }
    }
}
