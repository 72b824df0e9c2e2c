package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.Method;
import io.lb4j.internal.codec.http2.EmbeddedServer.Exchange;
import io.lb4j.internal.codec.http2.Frames.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extended CONNECT (RFC 8441) as a request to switch protocols. */
class ServerTunnelTest {
    private final EmbeddedServer server = new EmbeddedServer().greeted();
    private final EmbeddedPeer client = server.client();

    @BeforeEach
    void open() {
        server.send(client.frames()
                .headers(
                        1,
                        false,
                        ":method",
                        "CONNECT",
                        ":protocol",
                        "websocket",
                        ":scheme",
                        "https",
                        ":authority",
                        "a.example",
                        ":path",
                        "/chat",
                        "sec-websocket-version",
                        "13"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void isOffered() {
        Frame settings = client.received(FrameType.SETTINGS).get(0);
        boolean offered = false;
        for (int at = 0; at < settings.payload().length; at += 6) {
            offered |= Octets.int16(settings.payload(), at) == PeerSettings.ENABLE_CONNECT_PROTOCOL
                    && settings.intAt(at + 2) == 1;
        }
        assertThat(offered).isTrue();
    }

    @Test
    void looksLikeAnUpgrade() {
        Exchange exchange = server.exchange(0);
        assertThat(exchange.head().method()).isEqualTo(Method.GET);
        assertThat(exchange.head().protocol()).contains("websocket");
        assertThat(exchange.head().target()).isEqualTo("/chat");
    }

    @Test
    void opensWithStatus200() {
        server.exchange(0)
                .respond(
                        101,
                        false,
                        "sec-websocket-accept",
                        "x",
                        "upgrade",
                        "websocket",
                        "connection",
                        "upgrade",
                        "x-kept",
                        "1");
        Frame head = client.received(FrameType.HEADERS, 1).get(0);
        assertThat(client.frames().lines(head.payload())).containsExactly(":status: 200", "x-kept: 1");
        assertThat(head.ends()).isFalse();
    }

    @Test
    void carriesOctetsBothWaysAndEndsEachWayByItself() {
        Exchange exchange = server.exchange(0);
        exchange.respond(101, false);
        exchange.write("from the server", true);
        server.send(Frames.data(1, "from the client", true));
        assertThat(client.body(1)).isEqualTo("from the server");
        assertThat(exchange.heard().body()).isEqualTo("from the client");
        assertThat(exchange.heard().isEnded()).isTrue();
        assertThat(client.resetCode(1)).isNull();
    }

    @Test
    void isRefusedWithAnOrdinaryAnswer() {
        server.exchange(0).respond(403, true);
        assertThat(client.frames()
                        .lines(client.received(FrameType.HEADERS, 1).get(0).payload()))
                .containsExactly(":status: 403");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204})
    void isNotOpenedByAnotherSuccess(int status) {
        server.exchange(0).respond(status, false);
        assertThat(client.received(FrameType.HEADERS, 1)).isEmpty();
        assertThat(client.resetCode(1)).isEqualTo(ErrorCode.CONNECT_ERROR);
        assertThat(server.exchange(0).heard().failures()).isEqualTo(1);
    }

    @Test
    void status101WithoutARequestForItIsNotWritten() {
        server.send(client.frames().get(3, "/"));
        server.exchange(1).respond(101, false);
        assertThat(client.received(FrameType.HEADERS, 3)).isEmpty();
        assertThat(client.resetCode(3)).isEqualTo(ErrorCode.CONNECT_ERROR);
    }
}
