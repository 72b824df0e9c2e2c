package io.lb4j.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.net.Dial;
import io.lb4j.testkit.net.WireFailure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client must tell apart, against an upstream that sends exact bytes. */
class RawClientTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static RawResponse read(String bytes) {
        return read(bytes, "GET");
    }

    private static RawResponse read(String bytes, String method) {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().raw(bytes).close());
                RawClient client = RawClient.connect(upstream.port())) {
            return client.send(GET).readResponse(method);
        }
    }

    @Test
    void readsStatusReasonAndFieldsInTheirOrderAndSpelling() {
        RawResponse response =
                read("HTTP/1.1 418 I am a teapot\r\nB: 1\r\na:  2 \r\nb: 3\r\nContent-Length: 0\r\n\r\n");

        assertThat(response.status()).isEqualTo(418);
        assertThat(response.reason()).isEqualTo("I am a teapot");
        assertThat(response.headers().names()).containsExactly("B", "a", "b", "Content-Length");
        assertThat(response.headers().all("b")).containsExactly("1", "3");
        assertThat(response.headers().first("A")).contains("2");
    }

    @Test
    void keepsTheExactBytesOfTheHead() {
        String head = "HTTP/1.1 200 \r\nX:y\r\nContent-Length: 0\r\n\r\n";

        assertThat(read(head).head().raw()).isEqualTo(head);
    }

    @Test
    void readsABodyOfTheDeclaredLengthAndNoByteMore() {
        RawResponse response = read("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef");

        assertThat(response.text()).isEqualTo("abc");
        assertThat(response.connectionClosed()).isFalse();
    }

    @Test
    void joinsChunksAndReadsTrailers() {
        String body = "3\r\nabc\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nT: 1\r\nt: 2\r\n\r\n";
        RawResponse response = read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);

        assertThat(response.text()).isEqualTo("abc0123456789");
        assertThat(response.trailers().all("T")).containsExactly("1", "2");
        assertThat(response.wasTruncated()).isFalse();
    }

    @Test
    void readsABodyWithoutFramingUntilTheConnectionCloses() {
        RawResponse response = read("HTTP/1.1 200 OK\r\n\r\nall of it");

        assertThat(response.text()).isEqualTo("all of it");
        assertThat(response.connectionClosed()).isTrue();
        assertThat(response.wasTruncated()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"GET,204", "GET,304", "HEAD,200", "CONNECT,200"})
    void expectsNoBodyWhereHttpHasNone(String method, int status) {
        RawResponse response = read("HTTP/1.1 " + status + " x\r\nContent-Length: 5\r\n\r\nhello", method);

        assertThat(response.body().length()).isZero();
    }

    @Test
    void collectsInformationalResponsesBeforeTheFinalOne() {
        String informational = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
        RawResponse response = read(informational + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        assertThat(response.informational()).extracting(ResponseHead::status).containsExactly(100, 103);
        assertThat(response.informational().get(1).fields().first("link")).contains("</a>");
    }

    @Test
    void takesSwitchingProtocolsForAFinalResponse() {
        assertThat(read("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nbytes")
                        .status())
                .isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\n12345",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n",
                "Transfer-Encoding: chunked\r\n\r\nA\r\n12345"
            })
    void marksABodyThatEndsTooEarlyAsTruncated(String fieldsAndBody) {
        RawResponse response = read("HTTP/1.1 200 OK\r\n" + fieldsAndBody);

        assertThat(response.wasTruncated()).isTrue();
        assertThat(response.text()).isEqualTo("12345");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 99 Low\r\n\r\n",
                "HTTP/1.1 200\r\n\r\n",
                "HTTP/1.1 200 OK\nA: b\n\n",
                "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: \0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n0\r\n\r\n"
            })
    void failsOnMalformedResponses(String bytes) {
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(WireFailure.class);
    }

    @Test
    void failsWhenTheConnectionClosesBeforeAResponse() {
        assertThatThrownBy(() -> read("")).isInstanceOf(WireFailure.class).hasMessageContaining("before a response");
    }

    @Test
    void failsWithWhatWasReceivedWhenNothingMoreComes() throws InterruptedException {
        CountDownLatch flushed = new CountDownLatch(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .perform(exchange -> {
                            exchange.write("HTTP/1.1 200 O".getBytes(StandardCharsets.US_ASCII));
                            exchange.flush();
                            flushed.countDown();
                        })
                        .stall());
                RawClient client = RawClient.connect(Dial.to(upstream.port()).readTimeout(Duration.ofMillis(50)))) {
            client.send(GET);
            assertThat(flushed.await(30, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(client::readResponse)
                    .isInstanceOf(WireFailure.class)
                    .hasMessageContaining("nothing received for PT0.05S")
                    .hasMessageContaining("HTTP/1.1 200 O");
        }
    }

    @Test
    void tellsAnOrderlyEndFromAReset() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/fin").close();
                    script.on("/rst").reset();
                });
                RawClient fin = RawClient.connect(upstream.port());
                RawClient rst = RawClient.connect(upstream.port())) {
            fin.send("GET /fin HTTP/1.1\r\nHost: a\r\n\r\n");
            rst.send("GET /rst HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(fin.expectClose()).isEqualTo(RawClient.Closure.FIN);
            assertThat(rst.expectClose()).isEqualTo(RawClient.Closure.RESET);
        }
    }

    @Test
    void expectCloseFailsOnFurtherBytes() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().raw("surprise"));
                RawClient client = RawClient.connect(upstream.port())) {
            client.send(GET);

            assertThatThrownBy(client::expectClose)
                    .isInstanceOf(WireFailure.class)
                    .hasMessageContaining("surprise");
        }
    }

    @Test
    void expectCloseFailsOnAConnectionThatStaysOpen() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                RawClient client = RawClient.connect(Dial.to(upstream.port()).readTimeout(Duration.ofMillis(50)))) {
            assertThatThrownBy(client::expectClose)
                    .isInstanceOf(WireFailure.class)
                    .hasMessageContaining("still open");
        }
    }

    @Test
    void expectSilenceFailsOnBytesAndOnTheEnd() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/bytes").raw("x");
                    script.on("/end").close();
                    script.on("/stall").stall();
                });
                RawClient bytes = RawClient.connect(upstream.port());
                RawClient end = RawClient.connect(upstream.port());
                RawClient stall = RawClient.connect(upstream.port())) {
            bytes.send("GET /bytes HTTP/1.1\r\nHost: a\r\n\r\n");
            end.send("GET /end HTTP/1.1\r\nHost: a\r\n\r\n");
            stall.send("GET /stall HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThatThrownBy(() -> bytes.expectSilence(Duration.ofSeconds(5))).isInstanceOf(WireFailure.class);
            assertThatThrownBy(() -> end.expectSilence(Duration.ofSeconds(5))).isInstanceOf(WireFailure.class);
            stall.expectSilence(Duration.ofMillis(30));
        }
    }

    @Test
    void sendsPieceByPieceWithoutChangingAByte() {
        byte[] request = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world"
                .getBytes(StandardCharsets.US_ASCII);
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                RawClient client = RawClient.connect(upstream.port())) {
            client.sendSlowly(request, Duration.ofNanos(1), 1, 2, 7).readResponse();

            RecordedRequest seen = upstream.awaitRequest().awaitComplete();
            byte[] head = seen.head().raw().getBytes(StandardCharsets.ISO_8859_1);
            assertThat(head).isEqualTo(Arrays.copyOf(request, request.length - 11));
            assertThat(seen.body().text()).isEqualTo("hello world");
        }
    }

    @Test
    void halfCloseLetsTheResponseThrough() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                RawClient client = RawClient.connect(upstream.port())) {
            assertThat(client.send(GET).halfClose().readResponse().status()).isEqualTo(200);
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void readsExactlyWhatIsAskedFor() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().raw("one;two;three"));
                RawClient client = RawClient.connect(upstream.port())) {
            client.send(GET);

            assertThat(client.readUntil(";")).isEqualTo("one;");
            assertThat(client.read(2)).isEqualTo("tw".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(client.skip(2).read(5), StandardCharsets.US_ASCII))
                    .isEqualTo("three");
        }
    }

    @Test
    void dialsFromAnotherLoopbackAddress() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().perform(exchange -> {
                            String peer = exchange.tunnel()
                                    .wire()
                                    .remote()
                                    .getAddress()
                                    .getHostAddress();
                            exchange.answer(Answer.status(200).body(peer));
                        }));
                RawClient client = RawClient.connect(Dial.to(upstream.port()).from("127.0.0.7"))) {
            assertThat(client.send(GET).readResponse().text()).isEqualTo("127.0.0.7");
        }
    }
}
