package io.lb4j.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.net.Dial;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each thing a script can say, seen from the wire. */
class ScriptedUpstreamTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private ScriptedUpstream upstream = ScriptedUpstream.start();

    @AfterEach
    void close() {
        upstream.close();
    }

    private RawClient client(Consumer<Script> script) {
        upstream.close();
        upstream = ScriptedUpstream.start(script);
        return RawClient.connect(upstream.port());
    }

    @Test
    void answersByPathAndSays404WithoutAReaction() {
        try (RawClient client = client(script -> script.on("/a").answer(200, "found"))) {
            assertThat(client.send("GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readResponse()
                            .text())
                    .isEqualTo("found");
            assertThat(client.send(GET).readResponse().status()).isEqualTo(404);
        }
    }

    @Test
    void namesItself() {
        try (RawClient client = client(script -> script.name("one").onAny().answer(200))) {
            assertThat(client.send(GET).readResponse().headers().first("x-upstream"))
                    .contains("one");
        }
    }

    @Test
    void playsAReactionForItsTimesOnly() {
        try (RawClient client = client(script -> {
            script.onAny().times(2).answer(503);
            script.onAny().answer(200);
        })) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(503);
            assertThat(client.send(GET).readResponse().status()).isEqualTo(503);
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void delaysAnAnswer() {
        long start = System.nanoTime();
        try (RawClient client =
                client(script -> script.onAny().delay(Duration.ofMillis(60)).answer(200))) {
            client.send(GET).readResponse();

            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000);
        }
    }

    @Test
    void stallsUntilReleased() {
        try (RawClient client = client(script -> script.onAny().stall().answer(200))) {
            client.send(GET).expectSilence(Duration.ofMillis(30));
            upstream.awaitRequest();
            upstream.release();

            assertThat(client.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void sendsInformationalResponsesFirst() {
        try (RawClient client =
                client(script -> script.onAny().inform(103, "link", "</a>").answer(200))) {
            RawResponse response = client.send(GET).readResponse();

            assertThat(response.informational())
                    .extracting(ResponseHead::status)
                    .containsExactly(103);
        }
    }

    @Test
    void invitesABodyThatWaitsForContinue() {
        try (RawClient client = client(script -> script.onAny().sink())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(100);

            assertThat(client.send("hi").readResponse().headers().first("x-body-length"))
                    .contains("2");
        }
    }

    @Test
    void answersBeforeTheBodyWasReadWithoutInvitingIt() {
        try (RawClient client = client(script -> script.onAny().early().answer(413))) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
            RawResponse response = client.readResponse();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.informational()).isEmpty();
            assertThat(upstream.awaitRequest().state()).isEqualTo(RecordedRequest.State.ARRIVING);
            client.send("hi");
            assertThat(upstream.awaitRequest().awaitComplete().body().text()).isEqualTo("hi");
        }
    }

    @Test
    void anEarlyAnswerSurvivesTheCloseDuringTheUpload() {
        try (RawClient client =
                client(script -> script.onAny().early().answer(413).close())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(100_000));

            assertThat(client.readResponse().status()).isEqualTo(413);
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void sendsChunksWithTrailers() {
        try (RawClient client = client(script -> script.onAny()
                .answer(Answer.status(200)
                        .body("hello")
                        .inPieces(2, Duration.ZERO)
                        .trailer("a", "b")))) {
            client.send(GET);

            assertThat(client.readUntil("\r\n\r\n")).contains("transfer-encoding: chunked");
            assertThat(client.readUntil("a: b\r\n\r\n")).isEqualTo("2\r\nhe\r\n2\r\nll\r\n1\r\no\r\n0\r\na: b\r\n\r\n");
        }
    }

    @Test
    void sendsABodySlowly() {
        long start = System.nanoTime();
        try (RawClient client = client(
                script -> script.onAny().answer(Answer.status(200).body("abcd").inPieces(1, Duration.ofMillis(15))))) {
            assertThat(client.send(GET).readResponse().text()).isEqualTo("abcd");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(45_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 30})
    void resetsAtTheChosenByte(int position) {
        try (RawClient client = client(script ->
                script.onAny().answer(Answer.status(200).body("x".repeat(100)).resetAt(position)))) {
            client.send(GET).read(position);

            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.RESET);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 30, 139})
    void closesAtTheChosenByte(int position) {
        String whole = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n" + "x".repeat(100);
        assertThat(whole).hasSizeGreaterThanOrEqualTo(position);
        try (RawClient client = client(script ->
                script.onAny().answer(Answer.status(200).body("x".repeat(100)).closeAt(position)))) {
            byte[] read = client.send(GET).read(position);

            assertThat(read).asString().isEqualTo(whole.substring(0, position));
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void truncatesALongerBody() {
        try (RawClient client = client(script ->
                script.onAny().answer(Answer.status(200).body("abcdef").truncateBody(4)))) {
            RawResponse response = client.send(GET).readResponse();

            assertThat(response.text()).isEqualTo("abcd");
            assertThat(response.wasTruncated()).isTrue();
        }
    }

    @Test
    void truncatesAChunkedBodyBetweenChunks() {
        try (RawClient client = client(script -> script.onAny()
                .answer(Answer.status(200)
                        .body("abcdef")
                        .chunked()
                        .inPieces(2, Duration.ZERO)
                        .truncateBody(4)))) {
            client.send(GET).readHead();

            assertThat(client.readUntil("cd\r\n")).isEqualTo("2\r\nab\r\n2\r\ncd\r\n");
            client.expectClose();
        }
    }

    @Test
    void sendsGarbageAndRawBytes() {
        try (RawClient client = client(script -> script.onAny().garbage(7).raw("raw\0"))) {
            assertThat(client.send(GET).read(7)).isEqualTo(Payload.bytes(7));
            assertThat(client.readUntil("\0")).isEqualTo("raw\0");
        }
    }

    @Test
    void endsABodyWithTheConnection() {
        try (RawClient client = client(
                script -> script.onAny().answer(Answer.status(200).body("all").untilClose()))) {
            RawResponse response = client.send(GET).readResponse();

            assertThat(response.text()).isEqualTo("all");
            assertThat(response.ending()).isEqualTo(RawResponse.Ending.CLOSED);
        }
    }

    @Test
    void closesIdleConnectionsAfterTheChosenNumberOfRequests() {
        try (RawClient client =
                client(script -> script.closeIdleAfter(2).onAny().answer(200))) {
            client.send(GET).readResponse();
            RawResponse last = client.send(GET).readResponse();

            assertThat(last.headers().contains("connection")).isFalse();
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void closesWhenTheClientSaysSo() {
        try (RawClient client = client(script -> script.onAny().answer(200))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

            assertThat(client.readResponse().headers().first("connection")).contains("close");
            client.expectClose();
        }
    }

    @Test
    void echoesWhileTheBodyComes() {
        try (RawClient client = client(script -> script.onAny().echo())) {
            client.send("POST /e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            ResponseHead head = client.readHead();
            assertThat(client.readUntil("abc\r\n")).isEqualTo("3\r\nabc\r\n");
            client.send("0\r\nT: 1\r\n\r\n");

            assertThat(client.readUntil("\r\n\r\n")).isEqualTo("0\r\nT: 1\r\n\r\n");
            assertThat(head.fields().first("x-echo-method")).contains("POST");
            assertThat(head.fields().first("x-echo-target")).contains("/e");
            assertThat(head.fields().first("x-echo-host")).contains("a");
        }
    }

    @Test
    void echoesABodyOfKnownLength() {
        try (RawClient client = client(script -> script.onAny().echo())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");

            assertThat(client.readResponse().text()).isEqualTo("abc");
            assertThat(client.send(GET).readResponse().headers().first("content-length"))
                    .contains("0");
        }
    }

    @Test
    void echoesRawBytesAfterAnUpgrade() {
        try (RawClient client = client(script -> script.onAny().upgrade("chat"))) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n");
            RawResponse response = client.readResponse();
            client.send("any\0thing");

            assertThat(response.status()).isEqualTo(101);
            assertThat(response.headers().first("upgrade")).contains("chat");
            assertThat(client.readUntil("thing")).isEqualTo("any\0thing");
            assertThat(upstream.upgradedBytes()).isEqualTo(9);
            client.halfClose();
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void replacesItsReactionsWhileItRuns() {
        try (RawClient client = client(script -> script.onAny().answer(200))) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            upstream.rescript(script -> script.onAny().answer(500));

            assertThat(client.send(GET).readResponse().status()).isEqualTo(500);
        }
    }

    @Test
    void tellsAResetFromAnOrderlyEndOverTls() {
        ServerTls server = ServerTls.with(TestCertificates.create().server("localhost"));
        upstream.close();
        upstream = ScriptedUpstream.start(script -> {
            script.tls(server);
            script.on("/fin").answer(Answer.status(200).body("abc").truncateBody(1));
            script.on("/rst").reset();
        });
        Dial dial = Dial.to(upstream.port()).tls(ClientTls.trustAll());
        try (RawClient fin = RawClient.connect(dial);
                RawClient rst = RawClient.connect(dial)) {
            assertThat(fin.send("GET /fin HTTP/1.1\r\nHost: a\r\n\r\n")
                            .readResponse()
                            .wasTruncated())
                    .isTrue();
            assertThat(fin.expectClose()).isEqualTo(RawClient.Closure.FIN);
            assertThat(rst.send("GET /rst HTTP/1.1\r\nHost: a\r\n\r\n").expectClose())
                    .isEqualTo(RawClient.Closure.RESET);
        }
    }
}
