package io.lb4j.it.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.H2Options;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a tunnel may not do, and how its halves end, octet by octet. */
final class TunnelTest {
    private static final String UPGRADE =
            "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    @Test
    void octetsBehindTheUpgradeWaitForThe101() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().upgrade("websocket"));
                LoadBalancer balancer = Between.start(Origin.http1(upstream.port()));
                RawClient client = RawClient.connect(Between.plainPort(balancer))) {
            client.send(UPGRADE + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
            upstream.awaitRequest();
            client.expectSilence(Duration.ofMillis(100));
            assertThat(upstream.upgradedBytes()).isZero();

            upstream.release();

            assertThat(client.readHead().status()).isEqualTo(101);
            assertThat(client.readUntil("\r\n\r\n")).startsWith("GET /smuggled");
            assertThat(upstream.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerThatIsNot101OpensNoTunnel() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "no"));
                LoadBalancer balancer = Between.start(Origin.http1(upstream.port()));
                RawClient client = RawClient.connect(Between.plainPort(balancer))) {
            client.send(UPGRADE + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readResponse().text()).isEqualTo("no");
            assertThat(client.readResponse().status()).isEqualTo(200);
            // The second was read as what it is, a request: not forwarded as octets of a tunnel.
            assertThat(upstream.awaitRequests(2).get(1).target()).isEqualTo("/next");
            assertThat(upstream.upgradedBytes()).isZero();
        }
    }

    @Test
    void a101ThatNobodyAskedForIsAFailure() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(101)
                                .header("connection", "upgrade")
                                .header("upgrade", "websocket")));
                LoadBalancer balancer = Between.start(Origin.http1(upstream.port()));
                RawClient client = RawClient.connect(Between.plainPort(balancer))) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(502);
        }
    }

    @Test
    void aConnectionThatWasATunnelIsNotUsedAgain() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/chat").upgrade("websocket");
                    script.onAny().answer(200);
                });
                LoadBalancer balancer = Between.start(Origin.http1(upstream.port()));
                RawClient chatting = RawClient.connect(Between.plainPort(balancer));
                RawClient asking = RawClient.connect(Between.plainPort(balancer))) {
            assertThat(chatting.send(UPGRADE).readHead().status()).isEqualTo(101);
            chatting.send("bye").halfClose();
            assertThat(new String(chatting.read(3), US_ASCII)).isEqualTo("bye");
            chatting.expectClose();

            assertThat(asking.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            assertThat(upstream.awaitRequests(2).get(1).connection()).isEqualTo(2);
        }
    }

    @Test
    void anUpgradeWithABodyIsRefused() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer balancer = Between.start(Origin.http1(upstream.port()));
                RawClient client = RawClient.connect(Between.plainPort(balancer))) {
            String withBody = UPGRADE.replace("\r\n\r\n", "\r\nContent-Length: 4\r\n\r\nbody");

            assertThat(client.send(withBody).readResponse().status()).isEqualTo(400);
            client.expectClose();
            assertThat(upstream.requestCount()).isZero();
        }
    }

    @Test
    void theClientsHalfMayEndFirstOverHttp11ToHttp2() {
        try (ScriptedH2Upstream upstream = tunnelling();
                LoadBalancer balancer = Between.start(Origin.http2(upstream.port()));
                RawClient client = RawClient.connect(Between.plainPort(balancer))) {
            assertThat(client.send(UPGRADE).readHead().status()).isEqualTo(101);
            client.send("last words").halfClose();

            assertThat(new String(client.read(10), US_ASCII)).isEqualTo("last words");
            client.expectClose();
            assertThat(upstream.awaitStream().headers().first(":protocol")).contains("websocket");
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @Test
    void theClientsHalfMayEndFirstOverHttp2ToHttp11() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().upgrade("websocket"));
                LoadBalancer balancer = Between.start(Origin.http1(upstream.port()));
                RawH2Client client = RawH2Client.connect(Between.plainPort(balancer))) {
            int stream = client.open(client.head("CONNECT", "/chat").and(":protocol", "websocket"), false);
            assertThat(client.awaitHeaders(stream).status()).isEqualTo(200);
            client.data(stream, "last words".getBytes(US_ASCII), true);

            H2Response response = client.awaitResponse(stream);

            assertThat(response.text()).isEqualTo("last words");
            assertThat(response.isComplete()).isTrue();
            assertThat(response.headers().contains("sec-websocket-accept")).isFalse();
            upstream.awaitConnections(connections -> connections.open() == 0);
        }
    }

    @Test
    void theEndpointsHalfMayEndFirst() {
        try (ScriptedH2Upstream upstream = ScriptedH2Upstream.start(script -> {
                    script.options(H2Options.defaults().setting(H2Options.ENABLE_CONNECT_PROTOCOL, 1));
                    script.onAny().early().headers(200).data("bye").end();
                });
                LoadBalancer balancer = Between.start(Origin.http2(upstream.port()));
                RawClient client = RawClient.connect(Between.plainPort(balancer))) {
            assertThat(client.send(UPGRADE).readHead().status()).isEqualTo(101);
            assertThat(new String(client.read(3), US_ASCII)).isEqualTo("bye");
            client.expectClose(); // of the half that we write

            client.send("still here").halfClose();

            assertThat(upstream.awaitStream().awaitComplete().body().text()).isEqualTo("still here");
        }
    }

    @TimeBound
    @Test
    void theTimeOfAnExchangeIsNotATunnelsButIdlenessIs() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().upgrade("websocket"));
                LoadBalancer balancer = Between.before(
                                Origin.http1(upstream.port()),
                                cluster -> {},
                                route -> route.timeouts(times -> times.exchange(Duration.ofMillis(200))
                                        .firstByte(Duration.ofMillis(200))
                                        .perTry(Duration.ofMillis(200))
                                        .idle(Duration.ofMillis(600))))
                        .start();
                RawClient client = RawClient.connect(Between.plainPort(balancer))) {
            assertThat(client.send(UPGRADE).readHead().status()).isEqualTo(101);
            client.expectSilence(Duration.ofMillis(400));
            assertThat(new String(client.send("alive").read(5), US_ASCII)).isEqualTo("alive");

            client.expectClose(); // nothing moves any more
            await().until(() -> upstream.connections().open() == 0);
        }
    }

    private static ScriptedH2Upstream tunnelling() {
        return ScriptedH2Upstream.start(script -> {
            script.options(H2Options.defaults().setting(H2Options.ENABLE_CONNECT_PROTOCOL, 1));
            script.onAny().echo();
        });
    }
}
