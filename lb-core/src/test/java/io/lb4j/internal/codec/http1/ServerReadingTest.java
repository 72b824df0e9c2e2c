package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.http.Method;
import io.lb4j.http.ResponseHead;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a server connection takes requests, their bodies, and what comes before its turn. */
class ServerReadingTest {
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final EmbeddedServer server = new EmbeddedServer();
    private final EmbeddedPeer client = server.client();
    private final Received received = server.received();

    @AfterEach
    void nothingIsLost() {
        server.close();
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    @ParameterizedTest
    @CsvSource({
        "GET http://a/x?y HTTP/1.1, GET, /x?y",
        "GET HTTP://A/x HTTP/1.1, GET, /x",
        "GET https://a HTTP/1.1, GET, /",
        "GET http://a?q HTTP/1.1, GET, /?q",
        "OPTIONS http://a HTTP/1.1, OPTIONS, *",
        "OPTIONS * HTTP/1.1, OPTIONS, *",
        "OPTIONS /x HTTP/1.1, OPTIONS, /x",
        "BREW //x/../y;z HTTP/1.1, BREW, //x/../y;z",
        "query /x HTTP/1.1, query, /x",
    })
    void understandsEveryFormOfTarget(String line, String method, String target) {
        client.send(line + "\r\nHost: a\r\n\r\n");

        assertThat(received.last().refusal()).isEmpty();
        assertThat(received.last().request().method()).isEqualTo(Method.of(method));
        assertThat(received.last().request().target()).isEqualTo(target);
        assertThat(received.last().request().authority()).isEqualTo("a");
        assertThat(received.last().request().scheme()).isEqualTo("http");
        assertThat(received.last().request().fields().isEmpty()).isTrue();
    }

    @Test
    void takesTheAuthorityOfAnHttp10RequestFromItsTarget() {
        client.send("GET http://b/x HTTP/1.0\r\n\r\n");

        assertThat(received.last().request().authority()).isEqualTo("b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A-b.c_d:80", "127.0.0.1:65535", "[::1]", "[2001:db8::1]:443", "x%20y", "~!$&'()*+;="})
    void takesEveryKindOfHost(String host) {
        client.send("GET / HTTP/1.1\r\nHost: \t" + host + " \t\r\n\r\n");

        assertThat(received.last().refusal()).isEmpty();
        assertThat(received.last().request().authority()).isEqualTo(host);
    }

    @Test
    void tellsEachRequestsAuthority() {
        received.onEach(request -> request.answer(200, ""));
        for (String host : new String[] {"aa", "ab", "ab", "b", "aa"}) {
            client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertThat(received.last().request().authority()).isEqualTo(host);
        }
    }

    @Test
    void skipsOneEmptyLineBeforeARequest() {
        received.onEach(request -> request.answer(200, ""));

        client.sendSlowly("\r\n" + get("/1") + "\r\n" + get("/2"));

        assertThat(received.count()).isEqualTo(2);
        assertThat(received.last().refusal()).isEmpty();
    }

    @Test
    void keepsOctetsAbove127InValues() {
        client.send("GET / HTTP/1.1\r\nHost: a\r\nX: \u00e4\u00ff\t!\r\n\r\n");

        assertThat(received.last().request().fields().value("x")).hasValue("\u00e4\u00ff\t!");
    }

    @Test
    void answersPipelinedRequestsInTurn() {
        client.send(get("/1") + get("/2") + get("/3"));
        assertThat(received.count()).isOne();

        received.last().answer(200, "1");
        client.turn();
        assertThat(received.count()).isEqualTo(2);
        received.last().answer(200, "2");
        client.turn();
        received.last().answer(200, "3");

        assertThat(received.last().request().target()).isEqualTo("/3");
        assertThat(client.received().replaceAll("(?s)HTTP.*?\r\n\r\n", "")).isEqualTo("123");
    }

    @Test
    void answersPipelinedRequestsThatAreAnsweredAtOnce() {
        received.onEach(request -> request.answer(200, request.request().target()));

        client.send((get("/1") + get("/2")).repeat(500));

        assertThat(received.count()).isEqualTo(1000);
        assertThat(client.received().replaceAll("(?s)HTTP.*?\r\n\r\n", "")).isEqualTo("/1/2".repeat(500));
    }

    @Test
    void leavesARequestsHeadAloneUntilItsAnswererIsDone() {
        AtomicReference<String> target = new AtomicReference<>();
        client.send(get("/1") + get("/2"));

        received.last().answer(200, "1");
        target.set(received.last().request().target());

        assertThat(received.count()).isOne();
        client.turn();
        assertThat(received.count()).isEqualTo(2);
        assertThat(target).hasValue("/1");
    }

    @Test
    void stopsReadingWhenAClientSendsTooFarAhead() {
        Http1Limits limits = Http1Limits.defaults().withBody(new Http1Limits.Body(OptionalLong.empty(), 0, 100, 0));
        try (EmbeddedServer limited = new EmbeddedServer(limits)) {
            limited.client().send(get("/1"));
            limited.client().send("x".repeat(100));
            assertThat(limited.client().channel().config().isAutoRead()).isTrue();

            limited.client().send("x");

            assertThat(limited.client().channel().config().isAutoRead()).isFalse();
        }
    }

    @Test
    void readsOnWhenTheResponseIsDone() {
        Http1Limits limits = Http1Limits.defaults().withBody(new Http1Limits.Body(OptionalLong.empty(), 0, 10, 0));
        try (EmbeddedServer limited = new EmbeddedServer(limits)) {
            limited.client().send(get("/1"));
            limited.client().send(get("/2"));
            assertThat(limited.client().channel().config().isAutoRead()).isFalse();

            limited.received().last().answer(200, "");
            limited.client().turn();

            assertThat(limited.received().count()).isEqualTo(2);
            assertThat(limited.client().channel().config().isAutoRead()).isTrue();
        }
    }

    @Test
    void deliversNothingWhilePausedAndTheRestAfterwards() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
        Received.Request request = received.last();

        request.stream().pauseReading();
        client.send("wor");
        client.send("ld");
        assertThat(request.body()).isEqualTo("hello");
        assertThat(client.channel().config().isAutoRead()).isFalse();
        request.stream().resumeReading();

        assertThat(request.body()).isEqualTo("helloworld");
        assertThat(request.isEnded()).isTrue();
        assertThat(client.channel().config().isAutoRead()).isTrue();
    }

    @Test
    void deliversNothingMoreWhenPausedFromWithinADelivery() {
        received.onEach(request -> request.stream().pauseReading());

        client.send(CHUNKED + "1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
        assertThat(received.last().pieces()).isZero();
        received.last().stream().resumeReading();

        assertThat(received.last().body()).isEqualTo("ab");
        assertThat(received.last().isEnded()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "\r\n",
                "-1\r\n",
                "+1\r\n",
                "0x1\r\n",
                " 1\r\n",
                "1 \r\n",
                "1\t\r\n",
                "1 1\r\n",
                "1\n",
                "1\r",
                "1\rx",
                "1,\r\n",
                "1;\r\n",
                "1;=\r\n",
                "1; =x\r\n",
                "1;a=\r\n",
                "1;a=b c\r\n",
                "1;a b\r\n",
                "1;a \r\n",
                "1;a=b \r\n",
                "1;a=\"b\r\n",
                "1;a=\"b\nc\"\r\n",
                "1;a=\"b\u0000\"\r\n",
                "1;a=\"b\\\n\"\r\n",
                "1;a=\"b\"c\r\n",
                "1;a=\"b\" \r\n",
                "1;a\n",
                "1;a\rb\r\n",
                "1;;a\r\n",
                "ffffffffffffffff\r\n",
                "10000000000000000\r\n",
                "1000000000000000\r\n",
                "1\r\nab\r\n",
                "1\r\na\n",
                "1\r\na\rx",
                "1\r\na0\r\n\r\n",
                "0\r\nX y\r\n\r\n",
                "0\r\n X: y\r\n\r\n",
                "0\r\nX: y\n\r\n",
                "0\r\n\n",
            })
    void failsABodyWhoseChunksAreMalformed(String chunks) {
        client.send(CHUNKED);
        client.send(chunks + "x\r\n");

        Received.Request request = received.last();
        assertThat(request.failure().orElseThrow().kind()).isEqualTo(Kind.MALFORMED_REQUEST);
        assertThat(request.isEnded()).isFalse();
        request.answer(400, "no");
        assertThat(client.received()).startsWith("HTTP/1.1 400 ").contains("connection: close");
        assertThat(client.isOpen()).isFalse();
        assertThat(received.count()).isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1;a",
                "1;a=b",
                "1;a=\"b;\\\" c\"",
                "1 ; a = b ;c",
                "1;a;b=c",
                "1;a=\"\"",
                "00000001",
                "1;a=\"\u00e4\"",
                "1;a=\"x\" ;b",
            })
    void dropsChunkExtensions(String head) {
        client.sendSlowly(CHUNKED + head + "\r\nx\r\n0;last\r\n\r\n");

        assertThat(received.last().failure()).isEmpty();
        assertThat(received.last().body()).isEqualTo("x");
        assertThat(received.last().isEnded()).isTrue();
    }

    @Test
    void readsChunkSizesInEitherCase() {
        client.send(CHUNKED + "1A\r\n" + "x".repeat(26) + "\r\n1a\r\n" + "y".repeat(26) + "\r\n0\r\n\r\n");

        assertThat(received.last().body()).isEqualTo("x".repeat(26) + "y".repeat(26));
    }

    @Test
    void boundsChunkExtensionsByTheData() {
        Http1Limits limits = Http1Limits.defaults().withBody(new Http1Limits.Body(OptionalLong.empty(), 5, 100, 0));
        try (EmbeddedServer limited = new EmbeddedServer(limits)) {
            limited.client().send(CHUNKED + "5;abcd\r\n12345\r\n".repeat(9) + "1;1234\r\n1\r\n");
            assertThat(limited.received().last().failure()).isEmpty();

            limited.client().send("1;12\r\n");

            assertThat(limited.received().last().failure().orElseThrow())
                    .hasMessage("chunk extensions: more than 5 octets beyond the data (the limit)");
        }
    }

    @Test
    void boundsTrailersAsItBoundsFields() {
        Http1Limits limits = Http1Limits.defaults().withHead(new Http1Limits.Head(100, 3, 1000));
        try (EmbeddedServer limited = new EmbeddedServer(limits)) {
            limited.client().send(CHUNKED + "0\r\na:\r\nb:\r\nc:\r\n\r\n");
            assertThat(limited.received().last().isEnded()).isTrue();
        }
        try (EmbeddedServer limited = new EmbeddedServer(limits)) {
            limited.client().send(CHUNKED + "0\r\na:\r\nb:\r\nc:\r\nd:\r\n\r\n");
            assertThat(limited.received().last().failure().orElseThrow().kind()).isEqualTo(Kind.HEADERS_TOO_LARGE);
        }
    }

    @Test
    void cutsAResponseThatIsUnderWayWhenTheRequestTurnsOutMalformed() {
        client.send(CHUNKED);
        received.last().stream().writeHead(new ResponseHead(), false);
        client.turn();

        client.send("x\r\n");

        assertThat(received.last().failure().orElseThrow().kind()).isEqualTo(Kind.MALFORMED_REQUEST);
        assertThat(client.isOpen()).isFalse();
        assertThat(client.received()).doesNotContain("0\r\n\r\n");
    }

    @Test
    void takesAClientThatClosesItsHalfForGone() {
        client.send(get("/"));

        client.channel().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(received.last().failure().orElseThrow().kind()).isEqualTo(Kind.CLIENT_GONE);
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void closesWhenAnIdleClientClosesItsHalf() {
        received.onEach(request -> request.answer(200, "x"));
        client.send(get("/"));

        client.channel().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);

        assertThat(received.last().failure()).isEmpty();
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void tellsAFailureThatCameWhileTheRequestWasBeingTakenIn() {
        received.onEach(request -> client.disconnectWithinTheTurn());

        client.send(get("/"));

        assertThat(received.last().failure().orElseThrow().kind()).isEqualTo(Kind.CLIENT_GONE);
    }

    @Test
    void endsTheConnectionWhenTheReceiverThrows() {
        received.onEach(request -> {
            throw new IllegalArgumentException("a fault that the test wants");
        });

        client.send(get("/"));

        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void givesUpABodyInTheMiddle() {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");

        client.disconnect();

        assertThat(received.last().failure().orElseThrow().kind()).isEqualTo(Kind.CLIENT_GONE);
        assertThat(received.last().isEnded()).isFalse();
    }
}
