package io.lb4j.testkit.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.Payload;
import io.lb4j.testkit.net.Dial;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The kit's HTTP/2 client and upstream against each other: each thing that a script or a test can say. */
class H2PeersTest {
    private ScriptedH2Upstream upstream = ScriptedH2Upstream.start();

    @AfterEach
    void close() {
        upstream.close();
    }

    private RawH2Client client(Consumer<H2Script> script) {
        upstream.close();
        upstream = ScriptedH2Upstream.start(script);
        return RawH2Client.connect(upstream.port());
    }

    @Test
    void answersByPathAndSays404WithoutAReaction() {
        try (RawH2Client client = client(script -> script.name("one").on("/a").answer(200, "found"))) {
            H2Response found = client.get("/a?b=c");

            assertThat(found.status()).isEqualTo(200);
            assertThat(found.text()).isEqualTo("found");
            assertThat(found.headers().first("x-upstream")).contains("one");
            assertThat(found.isComplete()).isTrue();
            assertThat(client.get("/b").status()).isEqualTo(404);
            assertThat(upstream.violations()).isEmpty();
            assertThat(client.violations()).isEmpty();
        }
    }

    @Test
    void recordsHeadBodyAndTrailersInTheirOrder() {
        try (RawH2Client client = client(script -> script.onAny().answer(200))) {
            int stream = client.open(client.head("POST", "/x").and("b", "1").and("a", "2"), false);
            client.data(stream, "body".getBytes(StandardCharsets.UTF_8), false)
                    .trailers(stream, Fields.of("t", "3"))
                    .awaitResponse(stream);

            RecordedStream seen = upstream.awaitStream().awaitComplete();
            assertThat(seen.headers().names()).containsExactly(":method", ":scheme", ":authority", ":path", "b", "a");
            assertThat(seen.method()).isEqualTo("POST");
            assertThat(seen.path()).isEqualTo("/x");
            assertThat(seen.body().text()).isEqualTo("body");
            assertThat(seen.trailers()).isEqualTo(Fields.of("t", "3"));
            assertThat(seen.id()).isEqualTo(1);
        }
    }

    @Test
    void sendsInformationalHeadDataAndTrailers() {
        try (RawH2Client client = client(script -> script.onAny()
                .inform(103, "link", "</a>")
                .headers(200, "a", "b")
                .data("one")
                .data("two")
                .trailers("t", "u"))) {
            H2Response response = client.get("/");

            assertThat(response.informational()).singleElement().isEqualTo(Fields.of(":status", "103", "link", "</a>"));
            assertThat(response.headers().first("a")).contains("b");
            assertThat(response.text()).isEqualTo("onetwo");
            assertThat(response.trailers()).isEqualTo(Fields.of("t", "u"));
        }
    }

    @Test
    void resetsAndRefusesStreams() {
        try (RawH2Client client = client(script -> {
            script.on("/reset").headers(200).data("part").reset(H2Error.INTERNAL_ERROR);
            script.on("/refuse").times(1).refuse();
            script.on("/refuse").answer(200);
        })) {
            H2Response reset = client.get("/reset");
            assertThat(reset.reset()).contains(H2Error.INTERNAL_ERROR);
            assertThat(reset.text()).isEqualTo("part");
            assertThat(reset.isComplete()).isFalse();

            int refused = client.open(client.head("GET", "/refuse"), true);
            assertThat(client.awaitReset(refused)).isEqualTo(H2Error.REFUSED_STREAM);
            assertThat(client.get("/refuse").status()).isEqualTo(200);
        }
    }

    @Test
    void saysGoAwayWithAndWithoutThisStream() {
        try (RawH2Client client = client(script -> {
            script.on("/with").goAway(H2Error.NO_ERROR).answer(200);
            script.on("/without").goAwayBefore(H2Error.ENHANCE_YOUR_CALM);
        })) {
            client.get("/with");
            Frame with = client.awaitGoAway();
            client.open(client.head("GET", "/without"), true);
            Frame without = client.awaitGoAway();

            assertThat(with.intAt(0)).isEqualTo(1);
            assertThat(with.error()).isEqualTo(H2Error.NO_ERROR);
            assertThat(without.intAt(0)).isEqualTo(1);
            assertThat(without.error()).isEqualTo(H2Error.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void saysGoAwayOnDemand() {
        try (RawH2Client client = client(script -> script.onAny().answer(200))) {
            client.get("/");
            upstream.goAway();

            assertThat(client.awaitGoAway().intAt(0)).isEqualTo(Integer.MAX_VALUE);
        }
    }

    @Test
    void stallsUntilReleased() {
        try (RawH2Client client = client(script -> script.onAny().stall().answer(200))) {
            int stream = client.open(client.head("GET", "/"), true);
            upstream.awaitStream();
            client.ping();
            assertThat(client.response(stream).status()).isZero();
            upstream.release();

            assertThat(client.awaitResponse(stream).status()).isEqualTo(200);
        }
    }

    @Test
    void delaysAnAnswer() {
        long start = System.nanoTime();
        try (RawH2Client client =
                client(script -> script.onAny().delay(Duration.ofMillis(60)).answer(200))) {
            client.get("/");

            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000);
        }
    }

    @Test
    void seesThatTheClientResetsAStalledStream() {
        try (RawH2Client client = client(script -> script.onAny().stall().answer(200))) {
            int stream = client.open(client.head("GET", "/"), true);
            upstream.awaitStream();
            client.send(Frame.reset(stream, H2Error.CANCEL));

            assertThat(upstream.awaitStream().awaitReset()).isEqualTo(H2Error.CANCEL);
        }
    }

    @Test
    void answersBeforeTheRequestHasEnded() {
        try (RawH2Client client = client(script -> script.onAny().early().answer(413))) {
            int stream = client.open(client.head("POST", "/"), false);

            assertThat(client.awaitResponse(stream).status()).isEqualTo(413);
            assertThat(upstream.awaitStream().isComplete()).isFalse();
        }
    }

    @Test
    void echoesWhileTheBodyComes() {
        try (RawH2Client client = client(script -> script.onAny().echo())) {
            int stream = client.open(client.head("POST", "/e"), false);
            client.data(stream, "one".getBytes(StandardCharsets.UTF_8), false);
            assertThat(client.awaitBody(stream, 3).text()).isEqualTo("one");
            client.trailers(stream, Fields.of("t", "u"));

            H2Response response = client.awaitResponse(stream);
            assertThat(response.headers().first("x-echo-target")).contains("/e");
            assertThat(response.trailers()).isEqualTo(Fields.of("t", "u"));
        }
    }

    @Test
    void carriesBodiesLargerThanTheWindowsBothWays() {
        long size = 4L << 20;
        try (RawH2Client client = client(script -> {
            script.on("/echo").echo();
            script.on("/down").headers(200).payload(size).end();
        })) {
            int echo = client.open(client.head("POST", "/echo"), false);
            H2Response up = client.payload(echo, size).awaitResponse(echo);
            H2Response down = client.get("/down");

            assertThat(up.body().crc32c()).isEqualTo(Payload.crc32c(size));
            assertThat(down.body().crc32c()).isEqualTo(Payload.crc32c(size));
            assertThat(upstream.awaitStream().body().length()).isEqualTo(size);
            assertThat(client.violations()).isEmpty();
            assertThat(upstream.violations()).isEmpty();
        }
    }

    @Test
    void aStalledWindowStopsTheBodyUntilItIsOpened() {
        H2Options manual =
                H2Options.defaults().setting(H2Options.INITIAL_WINDOW_SIZE, 10).manualWindows();
        upstream.rescript(script -> script.onAny().headers(200).payload(25).end());
        try (RawH2Client client = RawH2Client.connect(Dial.to(upstream.port()), manual)) {
            int stream = client.open(client.head("GET", "/"), true);
            client.awaitBody(stream, 10);
            client.ping();
            assertThat(client.response(stream).body().length()).isEqualTo(10);
            client.send(Frame.windowUpdate(stream, 15));

            assertThat(client.awaitResponse(stream).body().length()).isEqualTo(25);
        }
    }

    @Test
    void flagsDataBeyondTheWindow() {
        try (RawH2Client client = client(script -> script.options(H2Options.defaults()
                        .setting(H2Options.MAX_FRAME_SIZE, 100_000)
                        .manualWindows())
                .onAny()
                .early()
                .answer(200))) {
            int stream = client.open(client.head("POST", "/"), false);
            client.send(Frame.data(stream, new byte[65_536], false)).ping();

            assertThat(upstream.violations()).singleElement().asString().contains("beyond the flow-control window");
        }
    }

    @Test
    void flagsWhatClientsMustNotSend() {
        try (RawH2Client client =
                client(script -> script.options(H2Options.defaults().setting(H2Options.MAX_CONCURRENT_STREAMS, 1))
                        .onAny()
                        .early()
                        .stall())) {
            client.open(Fields.of("a", "b", ":method", "GET", ":path", "/", "Upper", "c", "te", "d"), true);
            client.open(client.head("GET", "/").and("connection", "close"), true);
            client.send(Frame.data(3, new byte[1], true)).ping();

            assertThat(upstream.violations())
                    .anyMatch(text -> text.contains(":method: GET after regular fields"))
                    .anyMatch(text -> text.contains("upper case in Upper: c"))
                    .anyMatch(text -> text.contains(":scheme 0 times"))
                    .anyMatch(text -> text.contains("neither :authority nor host"))
                    .anyMatch(text -> text.contains("connection-specific connection: close"))
                    .anyMatch(text -> text.contains("2 concurrent streams"))
                    .anyMatch(text -> text.contains("outside the body of its stream"));
        }
    }

    @Test
    void announcesSettingsAndKeepsSilentWhenTold() {
        try (RawH2Client client = client(script -> script.options(H2Options.defaults()
                        .setting(H2Options.ENABLE_CONNECT_PROTOCOL, 1)
                        .neverAcknowledging()
                        .neverAnsweringPings())
                .onAny()
                .answer(200))) {
            Frame settings = client.awaitFrame(FrameType.SETTINGS);
            client.send(Frame.ping(1)).get("/");

            assertThat(settings.payload()).containsExactly(0, 8, 0, 0, 0, 1);
            client.expectNone(
                    frame -> frame.has(Frame.ACK) && (frame.is(FrameType.SETTINGS) || frame.is(FrameType.PING)));
        }
    }

    @Test
    void joinsContinuationFrames() {
        try (RawH2Client client = client(script -> script.onAny().answer(200))) {
            byte[] block = HeaderBlock.of(client.head("GET", "/split"));
            int stream = client.nextStream();
            client.send(FrameType.HEADERS, Frame.END_STREAM, stream, Arrays.copyOf(block, 5));
            client.send(Frame.continuation(stream, Arrays.copyOfRange(block, 5, block.length), true));

            assertThat(client.awaitResponse(stream).status()).isEqualTo(200);
            assertThat(upstream.awaitStream().path()).isEqualTo("/split");
        }
    }

    @Test
    void writesDynamicTableEntriesByHand() {
        try (RawH2Client client = client(script -> script.onAny().answer(200))) {
            byte[] head = HeaderBlock.of(client.head("GET", "/"));
            byte[] first =
                    new HeaderBlock().raw(head).indexed("x", "y".repeat(200)).toByteArray();
            byte[] second =
                    new HeaderBlock().raw(head).reference(62).reference(62).toByteArray();
            client.send(Frame.headers(client.nextStream(), first, true));
            client.send(Frame.headers(client.nextStream(), second, true)).awaitResponse(3);

            assertThat(upstream.awaitStreams(2).get(1).headers().all("x")).hasSize(2);
        }
    }

    @Test
    void endsTheConnectionInTheMiddleOfAResponse() {
        try (RawH2Client client =
                client(script -> script.onAny().headers(200).data("part").close())) {
            H2Response response = client.get("/");
            client.awaitClose();

            assertThat(response.text()).isEqualTo("part");
            assertThat(response.isComplete()).isFalse();
            assertThat(response.reset()).isEmpty();
        }
    }

    @Test
    void refusesConnectionsWhileItDoesNotListen() {
        int port = upstream.port();
        upstream.stopListening();
        assertThatThrownBy(() -> RawH2Client.connect(port)).isInstanceOf(UncheckedIOException.class);

        upstream.resumeListening();
        try (RawH2Client client = RawH2Client.connect(port)) {
            assertThat(client.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void flagsAConnectionWithoutPreface() {
        try (RawH2Client client = RawH2Client.silent(Dial.to(upstream.port()), H2Options.defaults())) {
            client.sendRaw(new byte[24]).awaitClose();

            assertThat(upstream.violations()).containsExactly("no connection preface");
        }
    }

    @Test
    void speaksOverTlsByAlpn() {
        TestCertificates authority = TestCertificates.create();
        upstream.close();
        upstream = ScriptedH2Upstream.start(script ->
                script.tls(ServerTls.with(authority.server("a.test"))).onAny().answer(200));
        ClientTls tls = ClientTls.trusting(authority).serverName("a.test");
        try (RawH2Client client = RawH2Client.connect(upstream.port(), tls)) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(client.tls().orElseThrow().applicationProtocol()).contains("h2");
            assertThat(upstream.awaitStream().headers().first(":scheme")).contains("https");
            assertThat(upstream.awaitStream().tls().orElseThrow().serverName()).contains("a.test");
        }
    }
}
