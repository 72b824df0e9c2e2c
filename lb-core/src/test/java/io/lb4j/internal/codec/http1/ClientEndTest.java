package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.spi.ClientStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a client connection ends, and what its pool and its stream are told. */
class ClientEndTest {
    private static final String EMPTY_RESPONSE = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

    private final EmbeddedClient client = new EmbeddedClient();
    private final EmbeddedPeer endpoint = client.endpoint();
    private final Http1ClientConnection connection = client.connection();
    private final Heard heard = new Heard();

    @AfterEach
    void nothingIsLost() {
        client.close();
    }

    @Test
    void deliversABodyThatEndsWithTheConnection() {
        client.get(heard);
        endpoint.send("HTTP/1.1 200 OK\r\n\r\nhel");
        endpoint.send("lo");
        assertThat(heard.isEnded()).isFalse();

        endpoint.disconnect();

        assertThat(heard.body()).isEqualTo("hello");
        assertThat(heard.isEnded()).isTrue();
        assertThat(heard.failure()).isEmpty();
        assertThat(client.events().calls()).containsExactly("draining", "closed");
    }

    @Test
    void isClosedByOctetsThatNobodyAskedFor() {
        client.get(heard);
        endpoint.send(EMPTY_RESPONSE);

        endpoint.send("HTTP/1.1 408 Request Timeout\r\n\r\n");

        assertThat(connection.isUsable()).isFalse();
        assertThat(endpoint.isOpen()).isFalse();
        assertThat(client.events().closeReason().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
    }

    @Test
    void isClosedByOctetsAfterTheResponse() {
        client.get(heard);

        endpoint.send(EMPTY_RESPONSE + "HTTP/1.1 200 OK\r\n\r\n");

        assertThat(heard.isEnded()).isTrue();
        assertThat(heard.failure()).isEmpty();
        assertThat(endpoint.isOpen()).isFalse();
        assertThat(client.events().calls()).containsExactly("closed");
    }

    @Test
    void refusesAResponseThatCameBeforeItsRequestWasSent() {
        ClientStream stream = connection.open(heard);
        stream.writeHead(EmbeddedClient.head(Method.GET, "/"), true);

        endpoint.channel().pipeline().fireChannelRead(endpoint.buffer(EMPTY_RESPONSE));

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.MALFORMED_RESPONSE);
        assertThat(heard.hasHead()).isFalse();
        assertThat(endpoint.received()).isEmpty();
    }

    @Test
    void tellsThatNothingWasSentWhenTheConnectionEndsBeforeTheFlush() {
        ClientStream stream = connection.open(heard);
        stream.writeHead(EmbeddedClient.head(Method.POST, "/"), true);

        endpoint.disconnectWithinTheTurn();

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.UPSTREAM_CLOSED);
        assertThat(heard.failure().orElseThrow().isUnprocessed()).isTrue();
    }

    @Test
    void tellsThatNothingCameBack() {
        client.get(heard);

        endpoint.disconnect();

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.UPSTREAM_CLOSED);
        assertThat(heard.failure().orElseThrow().isUnprocessed()).isFalse();
        assertThat(client.events().calls()).containsExactly("closed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTT",
                "HTTP/1.1 200 OK\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n",
            })
    void tellsThatTheResponseWasCutShort(String response) {
        client.get(heard);
        endpoint.send(response);

        endpoint.disconnect();

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.UPSTREAM_TRUNCATED);
        assertThat(heard.isEnded()).isFalse();
        assertThat(client.events().calls()).containsExactly("closed");
    }

    @Test
    void cutsTheConnectionOnReset() {
        ClientStream stream = client.get(heard);
        endpoint.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");

        stream.reset(ResetCode.CANCEL);

        assertThat(endpoint.isOpen()).isFalse();
        assertThat(heard.failure()).isEmpty();
        assertThat(client.events().calls()).containsExactly("closed");
    }

    @Test
    void ignoresAResetAfterTheEnd() {
        ClientStream stream = client.get(heard);
        endpoint.send(EMPTY_RESPONSE);

        stream.reset(ResetCode.CANCEL);

        assertThat(connection.capacity()).isOne();
    }

    @Test
    void drainsWhenTheResponseIsDone() {
        client.get(heard);

        connection.drain();
        assertThat(endpoint.isOpen()).isTrue();
        endpoint.send(EMPTY_RESPONSE);

        assertThat(heard.isEnded()).isTrue();
        assertThat(client.events().calls()).containsExactly("draining", "closed");
    }

    @Test
    void drainsAtOnceWhenIdle() {
        connection.drain();

        assertThat(endpoint.isOpen()).isFalse();
        assertThat(client.events().calls()).containsExactly("draining", "closed");
    }

    @Test
    void failsWhatIsUnderWayWhenClosed() {
        client.get(heard);

        connection.close();

        assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.DRAINED);
        assertThat(client.events().calls()).containsExactly("closed");
    }

    @Test
    void deliversWhatCameBeforeTheConnectionEndedEvenAfterAPause() {
        ClientStream stream = client.get(heard);
        stream.pauseReading();
        endpoint.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");

        endpoint.disconnect();
        assertThat(heard.failure()).isEmpty();
        stream.resumeReading();

        assertThat(heard.body()).isEqualTo("hello");
        assertThat(heard.isEnded()).isTrue();
        assertThat(heard.failure()).isEmpty();
        assertThat(client.events().calls()).containsExactly("closed");
    }

    @Test
    void tellsTheEndOfATunnelThatWasPausedWhenItsConnectionWent() {
        ClientStream stream = connection.open(heard);
        stream.writeHead(new RequestHead().method(Method.CONNECT).authority("b:443"), false);
        endpoint.turn();
        endpoint.send("HTTP/1.1 200 OK\r\n\r\n");
        stream.pauseReading();
        endpoint.send("last words");
        endpoint.disconnect();
        assertThat(heard.body()).isEmpty();
        assertThat(client.events().calls()).doesNotContain("closed");

        stream.resumeReading();

        assertThat(heard.body()).isEqualTo("last words");
        assertThat(heard.isEnded()).isTrue();
        assertThat(heard.failure()).isPresent();
        assertThat(client.events().calls()).containsExactly("draining", "closed");
    }

    @Test
    void letsGoOfWhatWaitsWhenAPausedStreamIsReset() {
        ClientStream stream = client.get(heard);
        stream.pauseReading();
        endpoint.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        endpoint.disconnect();

        stream.reset(ResetCode.CANCEL);

        assertThat(heard.body()).isEmpty();
        assertThat(client.events().calls()).containsExactly("closed");
    }
}
