package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.ResponseHead;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a connection whose request is answered before it has been read. */
class EarlyResponseTest {
    private static final String IN_CHUNKS = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

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
    void closesWhenTheClientWasNeverToldToContinue() {
        received.onEach(request -> request.answer(403, "x"));

        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");

        assertThat(client.received())
                .isEqualTo("HTTP/1.1 403 Forbidden\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void staysWhenTheClientDidNotWaitToBeTold() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello");

        received.last().answer(200, "x");

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx");
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void closesAfterAResponseThatCameBeforeTheRequestWasRead() {
        received.onEach(request -> request.stream().writeHead(head(200), true));

        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        assertThat(client.isOpen()).isFalse();
        assertThat(received.last().body()).isEmpty();
    }

    @Test
    void readsTheShortRestOfARequestThatWasAnsweredBeforeItsEndAndStays() {
        received.onEach(request -> request.answer(200, "x"));

        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
        assertThat(client.take()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx");
        client.send("lo" + GET);

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx");
        assertThat(received.count()).isEqualTo(2);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void readsTheRestOfChunksToo() {
        received.onEach(this::answerInChunks);

        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
        client.take();
        client.send("lo\r\n1\r\nx\r\n0\r\nx-sum: 1\r\n\r\n" + GET);

        assertThat(client.received()).isEqualTo(IN_CHUNKS);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void saysThatItClosesWhereTheRestOfARequestIsTooLongToBeRead() {
        received.onEach(request -> request.answer(200, "x"));

        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");

        assertThat(client.received()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void closesWhereTheRestOfARequestTurnsOutToBeTooLong() {
        received.onEach(this::answerInChunks);

        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n");
        assertThat(client.take()).isEqualTo(IN_CHUNKS);
        assertThat(client.isOpen()).isTrue();
        client.send("y".repeat(1 << 20));
        assertThat(client.isOpen()).isTrue();
        client.send("y");

        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void closesWhereTheRestOfARequestIsMalformed() {
        received.onEach(this::answerInChunks);

        client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n");
        client.take();
        client.send("yy\r\n" + GET);

        assertThat(client.isOpen()).isFalse();
        assertThat(received.count()).isEqualTo(1);
    }

    private void answerInChunks(Received.Request request) {
        request.stream().writeHead(head(200), false);
        request.stream().writeData(client.buffer("x"), true);
    }
}
