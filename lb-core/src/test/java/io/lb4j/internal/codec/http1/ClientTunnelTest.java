package io.lb4j.internal.codec.http1;

import static io.lb4j.internal.codec.http1.Lines.crlf;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.http.FieldName;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.spi.ClientStream;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upgrades and CONNECT on a client connection. */
class ClientTunnelTest {
    private static final String SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n";

    private final EmbeddedClient client = new EmbeddedClient();
    private final EmbeddedPeer endpoint = client.endpoint();
    private final Heard heard = new Heard();

    @AfterEach
    void nothingIsLost() {
        client.close();
    }

    private static RequestHead upgrade() {
        return EmbeddedClient.head(Method.GET, "/chat").protocol("websocket");
    }

    private ClientStream ask(RequestHead head) {
        ClientStream stream = client.connection().open(heard);
        stream.writeHead(head, false);
        endpoint.turn();
        return stream;
    }

    private String answerToOurKey() {
        Matcher key = Pattern.compile("sec-websocket-key: ([^\r]*)\r\n").matcher(endpoint.received());
        assertThat(key.find()).isTrue();
        return WebSocketKeys.accept(key.group(1));
    }

    @Test
    void passesTheClientsKeyOn() {
        RequestHead head = upgrade();
        head.fields()
                .add("sec-websocket-key", "k")
                .add("sec-websocket-version", "13")
                .add("connection", "x");
        ask(head);

        assertThat(endpoint.received()).isEqualTo(crlf("""
            GET /chat HTTP/1.1
            host: a
            sec-websocket-key: k
            sec-websocket-version: 13
            connection: upgrade
            upgrade: websocket

            """));
    }

    @Test
    void makesAKeyWhereTheClientHadNone() {
        ask(upgrade());

        assertThat(endpoint.received())
                .matches("(?s).*\r\nsec-websocket-key: [A-Za-z0-9+/]{22}==\r\nsec-websocket-version: 13\r\n\r\n");
    }

    @Test
    void answersAKeyAsTheRfcDoes() {
        assertThat(WebSocketKeys.accept("dGhlIHNhbXBsZSBub25jZQ==")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(WebSocketKeys.create()).isNotEqualTo(WebSocketKeys.create());
    }

    @Test
    void becomesATunnelWhenTheEndpointAgrees() {
        ClientStream stream = ask(upgrade());
        endpoint.send(SWITCHING + "X: y\r\nSec-WebSocket-Accept: " + answerToOurKey() + "\r\n\r\nearly");

        assertThat(heard.head().status()).isEqualTo(101);
        assertThat(heard.head().fields().toString()).isEqualTo("x: y\n");
        assertThat(heard.body()).isEqualTo("early");
        assertThat(client.connection().isUsable()).isFalse();

        endpoint.take();
        stream.writeData(endpoint.buffer("to endpoint"), false);
        assertThat(endpoint.take()).isEqualTo("to endpoint");
        endpoint.channel().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(heard.isEnded()).isTrue();
        assertThat(endpoint.isOpen()).isTrue();
        stream.writeData(endpoint.buffer("!"), true);

        assertThat(endpoint.take()).isEqualTo("!");
        assertThat(endpoint.isOpen()).isFalse();
        assertThat(heard.failure()).isEmpty();
        assertThat(client.events().calls()).containsExactly("draining", "closed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: wrong\r\n\r\n",
            })
    void refusesAWrongAnswerToItsKey(String response) {
        ask(upgrade());

        endpoint.send(response);

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
        assertThat(heard.hasHead()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 101 x\r\nUpgrade: websocket\r\n\r\n",
                "HTTP/1.1 101 x\r\nConnection: upgrade\r\n\r\n",
                "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n",
            })
    void refusesASwitchToSomethingElse(String response) {
        RequestHead head = upgrade();
        head.fields().add("sec-websocket-key", "k");
        ask(head);

        endpoint.send(response);

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
    }

    @Test
    void takes200For200AndPoolsNothing() {
        ask(upgrade());

        endpoint.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno");

        assertThat(heard.head().status()).isEqualTo(200);
        assertThat(heard.body()).isEqualTo("no");
        assertThat(heard.isEnded()).isTrue();
        assertThat(endpoint.isOpen()).isFalse();
        assertThat(client.events().calls()).containsExactly("draining", "closed");
    }

    @Test
    void keepsWhatIsMeantForTheTunnelUntilItIsThere() {
        ClientStream stream = ask(upgrade());
        stream.writeData(endpoint.buffer("ear"), false);
        stream.writeData(endpoint.buffer("ly"), false);
        String answer = answerToOurKey();
        assertThat(endpoint.take()).endsWith("\r\n\r\n");
        assertThat(stream.isWritable()).isFalse();

        endpoint.send(SWITCHING + "Sec-WebSocket-Accept: " + answer + "\r\n\r\n");

        assertThat(endpoint.take()).isEqualTo("early");
        assertThat(stream.isWritable()).isTrue();
        assertThat(heard.writableCalls()).isPositive();
    }

    @Test
    void dropsWhatIsMeantForATunnelThatNeverComes() {
        ClientStream stream = ask(upgrade());
        stream.writeData(endpoint.buffer("early"), true);
        endpoint.take();

        endpoint.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");

        assertThat(endpoint.take()).isEmpty();
        assertThat(heard.isEnded()).isTrue();
        assertThat(heard.failure()).isEmpty();
    }

    @Test
    void connectsThroughAnEndpoint() {
        ClientStream stream = ask(new RequestHead().method(Method.CONNECT).authority("b:443"));
        assertThat(endpoint.take()).isEqualTo("CONNECT b:443 HTTP/1.1\r\nhost: b:443\r\n\r\n");

        endpoint.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nhello");
        stream.writeData(endpoint.buffer("x"), false);

        assertThat(heard.head().fields().contains(FieldName.CONTENT_LENGTH)).isFalse();
        assertThat(heard.body()).isEqualTo("hello");
        assertThat(endpoint.take()).isEqualTo("x");
    }

    @Test
    void tellsThatATunnelWasCut() {
        ask(upgrade());
        endpoint.send(SWITCHING + "Sec-WebSocket-Accept: " + answerToOurKey() + "\r\n\r\n");

        endpoint.disconnect();

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.UPSTREAM_TRUNCATED);
        assertThat(client.events().calls()).containsExactly("draining", "closed");
    }
}
