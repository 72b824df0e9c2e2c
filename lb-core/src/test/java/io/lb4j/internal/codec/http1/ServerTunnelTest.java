package io.lb4j.internal.codec.http1;

import static io.lb4j.internal.codec.http1.Lines.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades and CONNECT on a server connection. */
class ServerTunnelTest {
    /** The key and the answer to it are those of RFC 6455 §1.3. */
    private static final String UPGRADE = crlf("""
        GET /chat HTTP/1.1
        Host: a
        Upgrade: WebSocket
        Connection: keep-alive, Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13

        """);

    private static final String SWITCHING = crlf("""
        HTTP/1.1 101 Switching Protocols
        connection: upgrade
        upgrade: websocket
        sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

        """);

    private final EmbeddedServer server = new EmbeddedServer();
    private final EmbeddedPeer client = server.client();
    private final Received received = server.received();

    @AfterEach
    void nothingIsLost() {
        server.close();
    }

    private static ResponseHead head(int status) {
        return new ResponseHead().status(status);
    }

    @Test
    void namesTheProtocolToSwitchTo() {
        client.send(UPGRADE);

        assertThat(received.last().request().protocol()).hasValue("websocket");
        assertThat(received.last().request().fields().value("sec-websocket-key"))
                .hasValue("dGhlIHNhbXBsZSBub25jZQ==");
        assertThat(received.last().isEnded()).isFalse();
    }

    @Test
    void answersTheKeyWhereTheEndpointDidNot() {
        client.send(UPGRADE);

        received.last().stream().writeHead(head(101), false);

        assertThat(client.received()).isEqualTo(SWITCHING);
    }

    @Test
    void passesTheEndpointsAnswerToTheKeyOn() {
        client.send(UPGRADE);
        ResponseHead head = head(101);
        head.fields()
                .add("Sec-WebSocket-Accept", "from the endpoint")
                .add("Upgrade", "x")
                .add("Connection", "x")
                .add("Content-Length", "3");

        received.last().stream().writeHead(head, false);

        assertThat(client.received()).isEqualTo(crlf("""
            HTTP/1.1 101 Switching Protocols
            connection: upgrade
            upgrade: websocket
            sec-websocket-accept: from the endpoint

            """));
    }

    @Test
    void deliversNothingOfTheTunnelBeforeThe101() {
        client.send(UPGRADE + "early");
        client.send("er");
        assertThat(received.last().body()).isEmpty();
        assertThat(received.count()).isOne();

        received.last().stream().writeHead(head(101), false);
        client.turn();
        client.send("!");

        assertThat(received.last().body()).isEqualTo("earlyer!");
    }

    @Test
    void carriesOctetsBothWaysAndEndsHalfByHalf() {
        client.send(UPGRADE);
        Received.Request request = received.last();
        request.stream().writeHead(head(101), false);
        request.stream().writeData(client.buffer("to client"), false);
        assertThat(client.take()).isEqualTo(SWITCHING + "to client");

        client.send("GET / HTTP/1.1\r\n");
        assertThat(request.body()).isEqualTo("GET / HTTP/1.1\r\n");
        client.channel().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(request.isEnded()).isTrue();
        assertThat(client.isOpen()).isTrue();

        request.stream().writeData(client.buffer("last words"), true);
        assertThat(client.take()).isEqualTo("last words");
        assertThat(client.isOpen()).isFalse();
        assertThat(request.failure()).isEmpty();
    }

    @Test
    void pausesATunnel() {
        client.send(UPGRADE);
        Received.Request request = received.last();
        request.stream().writeHead(head(101), false);
        client.turn();

        request.stream().pauseReading();
        client.send("abc");
        assertThat(request.body()).isEmpty();
        client.channel().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(request.isEnded()).isFalse();
        request.stream().resumeReading();

        assertThat(request.body()).isEqualTo("abc");
        assertThat(request.isEnded()).isTrue();
    }

    @Test
    void tellsThatATunnelWasCut() {
        client.send(UPGRADE);
        received.last().stream().writeHead(head(101), false);

        client.disconnect();

        assertThat(received.last().failure().orElseThrow().kind()).isEqualTo(Kind.CLIENT_GONE);
    }

    @Test
    void resetsATunnel() {
        client.send(UPGRADE);
        received.last().stream().writeHead(head(101), false);
        client.turn();

        received.last().stream().reset(ResetCode.CANCEL);

        assertThat(client.isOpen()).isFalse();
        assertThat(received.last().failure()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 426})
    void makesNoTunnelOfAnotherStatus(int status) {
        client.send(UPGRADE + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");

        received.last().answer(status, "no");
        client.turn();

        assertThat(client.received()).endsWith("content-length: 2\r\n\r\nno");
        assertThat(received.count()).isEqualTo(2);
        assertThat(received.last().request().target()).isEqualTo("/next");
        assertThat(received.request(0).body()).isEmpty();
    }

    @Test
    void failsA101ThatNobodyAskedFor() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        received.last().stream().writeHead(head(101), false);

        assertThat(received.last().failure().orElseThrow().kind()).isEqualTo(Kind.INTERNAL_FAULT);
        assertThat(client.received()).isEmpty();
        assertThat(client.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
            })
    void takesOtherUpgradesForOrdinaryRequests(String request) {
        client.send(request);

        assertThat(received.last().refusal()).isEmpty();
        assertThat(received.last().request().isUpgrade()).isFalse();
        assertThat(received.last().isEnded()).isTrue();
    }

    @Test
    void makesATunnelOfConnectOn2xx() {
        client.send("CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\nhello");
        Received.Request request = received.last();
        assertThat(request.request().authority()).isEqualTo("b:443");
        assertThat(request.isEnded()).isFalse();
        assertThat(request.body()).isEmpty();

        request.stream().writeHead(head(200), false);
        client.turn();

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
        assertThat(request.body()).isEqualTo("hello");
    }

    @Test
    void makesNoTunnelOfARefusedConnect() {
        client.send("CONNECT b:443 HTTP/1.1\r\nHost: b:443\r\n\r\n");

        received.last().answer(405, "no");

        assertThat(client.received()).isEqualTo("HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 2\r\n\r\nno");
        assertThat(client.isOpen()).isTrue();
    }
}
