package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.http3.H3Client.H3Frame;
import io.lb4j.http3.H3Client.Push;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tech.kwik.core.frame.StopSendingFrame;
import tech.kwik.core.impl.Version;

/** Responses that clients have not asked for (RFC 9114 §4.6), with a client that reads them frame by frame. It is long, for what may become of a push is a test each, and all share what promises one. */
final class PushTest {
    private static final long ID_ERROR = 0x108;
    private static final int PRIORITY_UPDATE = 0xf0701;

    private final Pusher pusher = new Pusher();

    private static ScriptedUpstream upstream() {
        return ScriptedUpstream.start(script -> {
            script.on("/slow").stall().answer(200, "slow");
            script.on("/css")
                    .answer(Answer.status(200)
                            .header("cache-control", "max-age=60")
                            .body("css"));
            script.on("/large").answer(Answer.status(200).payload(300_000));
            script.on("/larger").answer(Answer.status(200).payload(600_000));
            script.on("/huge").answer(Answer.status(200).payload(10 << 20));
            script.onAny().answer(200, "page");
        });
    }

    private Edge edge(ScriptedUpstream upstream, int maxPushes) {
        return Edge.before(
                upstream,
                Http3.of(http3 -> http3.maxPushes(maxPushes)),
                listener -> {},
                builder -> builder.plugin(pusher));
    }

    /** Allows pushes up to an id, and waits until the server knows: the push with the id 0 is used up by that. */
    private void allow(H3Client client, long mostId) {
        client.sendControl(H3Client.MAX_PUSH_ID, mostId);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(client.open()
                            .head("GET", "/", "x-push", "/css")
                            .end()
                            .answer()
                            .status())
                    .isEqualTo(200);
            return pusher.next();
        });
        Push first = client.nextPush();
        assertThat(first.id()).isZero();
        assertThat(first.stream().answer().text()).isEqualTo("css");
        assertThat(pusher.next()).as("by the push itself").isFalse();
    }

    private boolean isPushed(H3Client client, String target) {
        client.open().head("GET", "/", "x-push", target).end();
        return pusher.next();
    }

    private static void awaitSlow(ScriptedUpstream upstream, int times) {
        await().until(() -> upstream.requests().stream()
                        .filter(request -> request.target().equals("/slow"))
                        .count()
                == times);
    }

    /** Returns the id of a promise, and checks what is promised. */
    private static long promised(H3Frame frame, String path) throws IOException {
        assertThat(frame.type()).isEqualTo(H3Client.PUSH_PROMISE);
        ByteArrayInputStream in = new ByteArrayInputStream(frame.payload());
        long id = H3Frame.readInteger(in);
        assertThat(H3Client.fields(in.readAllBytes()))
                .startsWith(
                        Map.entry(":method", "GET"),
                        Map.entry(":scheme", "https"),
                        Map.entry(":path", path),
                        Map.entry(":authority", "localhost"))
                .contains(Map.entry("accept", "text/css"));
        return id;
    }

    private AccessRecord recordOf(Edge edge, String path) {
        for (; ; ) {
            AccessRecord record = edge.nextRecord();
            if (record.request().path().equals(path)) {
                return record;
            }
        }
    }

    @Test
    void aPushIsPromisedAndComesByTheOrdinaryPath() throws IOException {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            H3Exchange exchange =
                    client.open().head("GET", "/", "x-push", "/large").end();

            assertThat(promised(exchange.next(), "/large")).isEqualTo(1);
            assertThat(exchange.answer().text()).isEqualTo("page");
            Push push = client.nextPush();
            assertThat(push.id()).isEqualTo(1);
            H3Answer answer = push.stream().answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.body()).hasSize(300_000);

            AccessRecord record = recordOf(edge, "/large");
            assertThat(record.request().isPush()).isTrue();
            assertThat(record.upstream().cluster()).contains("api");
            assertThat(record.response().bytes()).isEqualTo(300_000);
            assertThat(edge.figure(Figure.PUSHES)).isEqualTo(2);
            await().until(() -> edge.figure(Figure.PUSHES_OPEN) == 0);
        }
    }

    @Test
    void theEndpointIsAskedAsIfTheClientHadAsked() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 0);

            Fields asked = upstream.awaitRequest(request -> request.target().equals("/css"))
                    .headers();
            assertThat(asked.first("host")).contains("localhost");
            assertThat(asked.first("accept")).contains("text/css");
            assertThat(asked.first("x-forwarded-for")).contains("127.0.0.1");
            assertThat(asked.first("x-forwarded-proto")).contains("https");
            assertThat(recordOf(edge, "/").request().isPush()).isFalse();
        }
    }

    @Test
    void aPushMayBePromisedWithTheResponse() throws IOException {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            H3Exchange exchange = client.open()
                    .head("GET", "/", "x-push", "/css", "x-push-when", "response")
                    .end();

            assertThat(promised(exchange.next(), "/css")).isEqualTo(1);
            assertThat(exchange.answer().text()).isEqualTo("page");
            assertThat(client.nextPush().stream().answer().text()).isEqualTo("css");
        }
    }

    @Test
    void aClientThatHasNotAllowedAnyGetsNone() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(isPushed(client, "/css")).isFalse();
            assertThat(edge.figure(Figure.PUSHES)).isZero();
        }
    }

    @Test
    void noneArePushedByDefault() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = Edge.before(upstream, Http3.defaults(), listener -> {}, builder -> builder.plugin(pusher));
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(Http3.defaults().settings().toTree()).containsEntry("max_pushes", 0L);
            client.sendControl(H3Client.MAX_PUSH_ID, 5);
            for (int i = 0; i < 10; i++) { // by then the server has heard of it
                assertThat(client.get("/gone").status()).isEqualTo(410);
            }
            assertThat(isPushed(client, "/css")).isFalse();
            assertThat(edge.figure(Figure.PUSHES)).isZero();
        }
    }

    @Test
    void clientsOfOtherProtocolsGetNone() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10)) {
            ClientTls tls = ClientTls.trustAll().serverName("localhost");
            try (RawClient client = RawClient.connect(edge.port(), tls)) {
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Push: /css\r\n\r\n")
                        .readResponse();
            }
            assertThat(pusher.next()).isFalse();
            try (RawH2Client client = RawH2Client.connect(edge.port(), tls)) {
                client.request(client.head("GET", "/").and(Fields.of("x-push", "/css")), new byte[0]);
            }
            assertThat(pusher.next()).isFalse();
        }
    }

    @Test
    void noMoreThanTheClientAllows() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 1);
            assertThat(isPushed(client, "/css")).as("at the limit").isTrue();
            assertThat(pusher.next()).as("by the push itself").isFalse();
            assertThat(isPushed(client, "/css")).as("one past it").isFalse();
        }
    }

    @Test
    void noMoreAtOnceThanTheConfigurationAllows() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 2);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 60);
            await().until(() -> edge.figure(Figure.PUSHES_OPEN) == 0);
            client.open()
                    .head("GET", "/", "x-push", "/slow", "x-push", "/slow", "x-push", "/slow")
                    .end();
            List<Boolean> told = List.of(pusher.next(), pusher.next(), pusher.next());

            assertThat(told).as("two at the limit, and one past it").containsExactly(true, true, false);
            awaitSlow(upstream, 2);
            assertThat(edge.figure(Figure.PUSHES_OPEN)).isEqualTo(2);
            upstream.release();
            assertThat(client.nextPush().stream().answer().text()).isEqualTo("slow");
            assertThat(client.nextPush().stream().answer().text()).isEqualTo("slow");
            await().until(() -> edge.figure(Figure.PUSHES_OPEN) == 0);
        }
    }

    @Test
    void aPushThatTheClientCancelsIsReset() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            assertThat(isPushed(client, "/slow")).isTrue();
            Push push = client.nextPush();
            client.sendControl(H3Client.CANCEL_PUSH, push.id());

            assertThat(push.stream().answer().isWhole()).isFalse();
            assertThat(recordOf(edge, "/slow").response().status()).isEqualTo(499);
            assertThat(edge.figure(Figure.PUSHES_CANCELLED)).isEqualTo(1);
            assertThat(edge.figure(Figure.PUSHES_OPEN)).isZero();
            client.sendControl(H3Client.CANCEL_PUSH, push.id()); // once more is nothing
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
    }

    @Test
    void aPushThatTheClientStopsReadingIsReset() throws IOException {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            assertThat(isPushed(client, "/huge")).isTrue();
            H3Exchange push = client.nextPush().stream();
            assertThat(push.next().type()).as("the response has begun").isEqualTo(H3Client.HEADERS);
            client.send(
                    new StopSendingFrame(Version.QUIC_version_1, push.stream().getStreamId(), 0x10cL));

            await().until(() -> edge.figure(Figure.PUSHES_CANCELLED) == 1);
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
    }

    @Test
    void aPushThatTheClientStopsBeforeItsResponseBeginsIsResetSoon() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            assertThat(isPushed(client, "/slow")).isTrue();
            Push push = client.nextPush();
            client.send(new StopSendingFrame(
                    Version.QUIC_version_1, push.stream().stream().getStreamId(), 0x10cL));

            await().until(() -> edge.figure(Figure.PUSHES_CANCELLED) == 1);
            assertThat(recordOf(edge, "/slow").response().status()).isEqualTo(499);
        }
    }

    @Test
    void aPushOfWhichNothingIsTakenIsResetInTime() throws IOException {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = Edge.before(
                        upstream,
                        Http3.of(http3 -> http3.maxPushes(10).maxStreamTimeout(Duration.ofSeconds(2))),
                        listener -> {},
                        builder -> builder.plugin(pusher));
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            assertThat(isPushed(client, "/huge")).isTrue();

            await().until(() -> edge.figure(Figure.PUSHES_CANCELLED) == 1 && edge.figure(Figure.PUSHES_OPEN) == 0);
        }
    }

    @Test
    void cancellingWhatWasNotPromisedEndsTheConnection() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            client.sendControl(H3Client.CANCEL_PUSH, 1);
            assertThat(client.ended())
                    .succeedsWithin(Duration.ofSeconds(30))
                    .satisfies(end -> assertThat(end.applicationErrorCode()).isEqualTo(ID_ERROR));
        }
    }

    /** A push is as urgent as anything of which nothing was said: without the update, it would come first. */
    @Test
    void anUpdateChangesThePlaceOfAPush() throws Exception {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()));
                H3Client client = H3Client.connect(relay.port())) {
            allow(client, 5);
            relay.impair(Impairment.none().delay(Duration.ofMillis(5)).bandwidth(200_000));
            assertThat(isPushed(client, "/larger")).isTrue();
            H3Exchange push = client.nextPush().stream();
            assertThat(push.next().type()).isEqualTo(H3Client.HEADERS);
            client.sendControl(PRIORITY_UPDATE, "\001u=7".getBytes(US_ASCII)); // of the push with the id 1
            H3Exchange large =
                    client.open().head("GET", "/large", "priority", "u=6").end();
            CompletableFuture<H3Answer> pushed = CompletableFuture.supplyAsync(push::answer, Aside.THREAD);
            CompletableFuture<H3Answer> asked = CompletableFuture.supplyAsync(large::answer, Aside.THREAD);

            assertThat(CompletableFuture.anyOf(pushed, asked).get(60, TimeUnit.SECONDS))
                    .isSameAs(asked.get(60, TimeUnit.SECONDS));
            assertThat(asked.get().body()).hasSize(300_000);
            assertThat(pushed.get(60, TimeUnit.SECONDS).body()).hasSize(600_000);
        }
    }

    @Test
    void anUpdateOfWhatWasNotPromisedEndsTheConnection() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            client.sendControl(PRIORITY_UPDATE, 1);
            assertThat(client.ended())
                    .succeedsWithin(Duration.ofSeconds(30))
                    .satisfies(end -> assertThat(end.applicationErrorCode()).isEqualTo(ID_ERROR));
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE_HTTP3)).isEqualTo(1);
        }
    }

    @Test
    void anotherHostIsNotPushed() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            client.open()
                    .head("GET", "/", "x-push", "/css", "x-push-host", "other.test")
                    .end();
            assertThat(pusher.next()).isFalse();
            client.open()
                    .head("GET", "/", "x-push", "/css", "x-push-host", "LOCALHOST")
                    .end();
            assertThat(pusher.next()).isTrue();
        }
    }

    @Test
    void aClientThatSaysGoodbyeGetsNoMore() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream, 10);
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 60);
            client.sendControl(H3Client.GOAWAY, 0);
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                boolean pushed = isPushed(client, "/css");
                if (pushed) {
                    assertThat(pusher.next()).as("by the push itself").isFalse();
                }
                return !pushed;
            });
        }
    }

    @Test
    void aPushUnderWayOutlastsTheDrain() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxPushes(10)), listener -> {}, builder -> {
                    builder.plugin(pusher);
                    Edge.drainPatiently(builder);
                });
                H3Client client = H3Client.connect(edge.port())) {
            allow(client, 5);
            assertThat(isPushed(client, "/slow")).isTrue();
            assertThat(pusher.next()).as("by the push itself").isFalse();
            H3Exchange waiting = client.open()
                    .head("GET", "/slow", "x-push", "/css", "x-push-when", "response")
                    .end();
            awaitSlow(upstream, 2);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(edge::close, Aside.THREAD);
            client.nextControl(H3Client.GOAWAY);
            upstream.release();

            assertThat(pusher.next()).as("once the goodbye has begun").isFalse();
            assertThat(client.nextPush().stream().answer().text()).isEqualTo("slow");
            assertThat(waiting.answer().text()).isEqualTo("slow");
            closing.orTimeout(30, TimeUnit.SECONDS).join();
        }
    }
}
