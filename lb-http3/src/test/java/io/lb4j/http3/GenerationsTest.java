package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.ListenerBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.Script;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.UdpRelay;
import io.lb4j.testkit.time.Aside;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tech.kwik.core.QuicSessionTicket;

/**
 * Changes of the transport's own options while it serves: what is open goes on, what is new comes by the new ones, and nobody is refused. It is long, for each way to come from one to the next
 * is a test, all of one subject.
 */
final class GenerationsTest {
    private static final int CHANGES = 10;
    private static final String BEGUN = "b".repeat(50_000);
    private static final String REST = "r".repeat(50_000);
    private static final int TRICKLE_OCTETS = 400_000;

    private static void script(Script script) {
        script.on("/stalled")
                .raw("HTTP/1.1 200 OK\r\ncontent-length: " + (BEGUN.length() + REST.length()) + "\r\n\r\n" + BEGUN)
                .stall()
                .raw(REST);
        script.on("/trickle").answer(Answer.status(200).payload(TRICKLE_OCTETS).inPieces(2_000, Duration.ofMillis(10)));
        script.onAny().answer(200);
    }

    private static Consumer<LoadBalancerBuilder> loops(int count) {
        return builder -> builder.process(process -> process.eventLoops(count).drainTimeout(Duration.ofMinutes(1)));
    }

    private static Http3 withStreams(int most) {
        return Http3.of(http3 -> http3.maxIncomingStreams(most));
    }

    private static long streamsOf(H3Client client) {
        return client.quic().getPeerTransportParameters().getInitialMaxStreamsBidi();
    }

    private static void assertServed(int port, int streams) {
        try (H3Client client = H3Client.connect(port)) {
            assertThat(streamsOf(client)).isEqualTo(streams);
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
    }

    /** Begins a request; returns the answer, which is read as it comes: kwik throws away what is not read when the connection closes. */
    private static CompletableFuture<H3Answer> begun(H3Client client, String path) throws Exception {
        H3Exchange open = client.open().head("GET", path).end();
        assertThat(open.next().type()).isEqualTo(H3Client.HEADERS);
        return CompletableFuture.supplyAsync(open::answer, Aside.THREAD);
    }

    private static CompletableFuture<H3Answer> stalled(H3Client client) throws Exception {
        return begun(client, "/stalled");
    }

    private static void assertWhole(CompletableFuture<H3Answer> stalled) {
        H3Answer answer = stalled.join();
        assertThat(answer.broken()).isEmpty();
        assertThat(new String(answer.body(), US_ASCII)).isEqualTo(BEGUN + REST);
    }

    private static void update(Edge edge, ScriptedUpstream upstream, Http3 http3, Consumer<LoadBalancerBuilder> more) {
        edge.balancer()
                .update(Edge.builder(upstream, http3, listener -> {}, more).configuration());
    }

    /** Makes requests, a few by each connection, until it is told to stop; all are answered but those that come to one that has said goodbye. */
    private static CompletableFuture<Integer> keepAsking(int port, AtomicBoolean stop) {
        return CompletableFuture.supplyAsync(
                () -> {
                    int answered = 0;
                    while (!stop.get()) {
                        try (H3Client client = H3Client.connect(port)) {
                            for (int i = 0; i < 3 && !hasSaidGoodbye(client); i++) {
                                H3Answer answer = client.get("/gone");
                                if (answer.isWhole()) {
                                    assertThat(answer.status()).isEqualTo(410);
                                    answered++;
                                } else {
                                    assertThat(hasSaidGoodbye(client))
                                            .as("an answer breaks off: %s", answer.broken())
                                            .isTrue();
                                }
                            }
                        }
                    }
                    return answered;
                },
                Aside.THREAD);
    }

    private static boolean hasSaidGoodbye(H3Client client) {
        return client.control().stream().anyMatch(frame -> frame.type() == H3Client.GOAWAY);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatIsOpenGoesOnOverTenChangesAndWhatIsNewComesByTheNewOptions(int eventLoops) throws Exception {
        Consumer<LoadBalancerBuilder> more = loops(eventLoops);
        AtomicBoolean stop = new AtomicBoolean();
        List<H3Client> clients = new ArrayList<>();
        List<CompletableFuture<H3Answer>> open = new ArrayList<>();
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, more);
                H3Client first = H3Client.connect(edge.port())) {
            CompletableFuture<H3Answer> trickle = begun(first, "/trickle");
            CompletableFuture<Integer> asked = keepAsking(edge.port(), stop);
            clients.add(first);
            open.add(stalled(first));
            for (int i = 1; i <= CHANGES; i++) {
                update(edge, upstream, withStreams(100 + i), more);
                H3Client next = H3Client.connect(edge.port());
                clients.add(next);
                assertThat(streamsOf(next)).isEqualTo(100 + i);
                open.add(stalled(next));
            }
            stop.set(true);
            assertThat(asked.join()).isPositive();
            H3Answer slow = trickle.join();
            assertThat(slow.broken()).isEmpty();
            assertThat(slow.body()).hasSize(TRICKLE_OCTETS);
            upstream.release();
            open.forEach(GenerationsTest::assertWhole);
            assertThat(edge.figure(Figure.CONNECTIONS_REFUSED)).isZero();
            for (H3Client client : clients.subList(0, CHANGES)) {
                client.nextControl(H3Client.GOAWAY);
                client.ended().get(30, TimeUnit.SECONDS);
            }
            assertThat(clients.get(CHANGES).get("/gone").status()).isEqualTo(410);
            // Of all generations together.
            assertThat(edge.figure(Figure.CONNECTIONS)).isGreaterThan(CHANGES);
            await().untilAsserted(
                            () -> assertThat(edge.figure(Figure.STREAMS_OPEN)).isZero());
        } finally {
            stop.set(true);
            clients.forEach(H3Client::close);
        }
    }

    @Test
    void aChangeThatFailsLeavesEverythingAsItWas() throws Exception {
        Consumer<LoadBalancerBuilder> more = loops(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, more);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                H3Client client = H3Client.connect(edge.port())) {
            CompletableFuture<H3Answer> open = stalled(client);
            for (int i = 0; i < 3; i++) {
                LoadBalancerBuilder failing = Edge.builder(upstream, withStreams(101), listener -> {}, more)
                        .listener("other", other -> other.port(taken.getLocalPort()));
                assertThatThrownBy(() -> edge.balancer().update(failing.configuration()))
                        .isInstanceOf(RuntimeException.class);
            }

            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertServed(edge.port(), 100);
            upstream.release();
            assertWhole(open);
            assertThat(hasSaidGoodbye(client)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whoIsAskedForAProofBeforeAChangeIsTakenByItAfterwards(int eventLoops) throws Exception {
        Consumer<LoadBalancerBuilder> more = loops(eventLoops);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, retrying(100), listener -> {}, more);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()))) {
            Impairment far = Impairment.none().delay(Duration.ofMillis(100));
            relay.impair(far);
            // With more than one event loop, chance says whether the answer comes to another one.
            for (int i = 1; i <= 2 * eventLoops; i++) {
                relay.rebind();
                long before = edge.figure(Figure.RETRIES);
                CompletableFuture<H3Client> connecting =
                        CompletableFuture.supplyAsync(() -> H3Client.connect(relay.port()), Aside.THREAD);
                await().pollInterval(Duration.ofMillis(5)).until(() -> edge.figure(Figure.RETRIES) > before);
                relay.impair(
                        Impairment.none().delay(Duration.ofSeconds(1))); // the client is not to be back before that
                update(edge, upstream, retrying(100 + i), more);
                relay.impair(far);

                try (H3Client client = connecting.join()) {
                    assertThat(client.attempts()).isOne();
                    assertThat(client.get("/gone").status()).isEqualTo(410);
                    CompletableFuture<H3Answer> open = stalled(client);
                    update(edge, upstream, retrying(200 + i), more);
                    upstream.release();
                    assertWhole(open);
                }
                awaitFarewells(edge); // what is on its way while the relay changes its port may be lost
            }
            assertThat(edge.figure(Figure.TOKENS_REFUSED)).isZero();
        }
    }

    /** What clients that have closed said last is on its way for a while: without it, the balancer's end would wait for them. */
    private static void awaitFarewells(Edge edge) {
        await().untilAsserted(
                        () -> assertThat(edge.figure(Figure.CONNECTIONS_OPEN)).isZero());
    }

    private static Http3 retrying(int streams) {
        return Http3.of(http3 -> http3.retry(RetryMode.ALWAYS).maxIncomingStreams(streams));
    }

    @Test
    void aHandshakeUnderWayEndsAsItHasBegun() throws Exception {
        Consumer<LoadBalancerBuilder> more = loops(2);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, more);
                UdpRelay relay = UdpRelay.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), edge.port()))) {
            relay.impair(Impairment.none().delay(Duration.ofMillis(100)));
            int answered = 0;
            for (int i = 1; i <= 4; i++) {
                relay.rebind();
                CompletableFuture<H3Client> connecting =
                        CompletableFuture.supplyAsync(() -> H3Client.connect(relay.port()), Aside.THREAD);
                await().pollInterval(Duration.ofMillis(5)).until(() -> edge.figure(Figure.HANDSHAKES_OPEN) > 0);
                update(edge, upstream, withStreams(100 + i), more);

                try (H3Client client = connecting.join()) {
                    assertThat(client.attempts()).isOne();
                    assertThat(streamsOf(client)).isEqualTo(99 + i);
                    H3Answer answer = client.get("/gone");
                    if (answer.isWhole()) {
                        assertThat(answer.status()).isEqualTo(410);
                        answered++;
                    } else { // on a busy machine it may ask when the second is over in which it can
                        assertThat(hasSaidGoodbye(client)).isTrue();
                    }
                }
            }
            assertThat(answered).isPositive();
            assertThat(edge.figure(Figure.HANDSHAKES_FAILED)).isZero();
            awaitFarewells(edge);
        }
    }

    @Test
    void whatDoesNotEndInTimeIsCut() throws Exception {
        Consumer<LoadBalancerBuilder> hasty =
                builder -> builder.process(process -> process.drainTimeout(Duration.ofMillis(100)));
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, hasty);
                H3Client client = H3Client.connect(edge.port())) {
            CompletableFuture<H3Answer> open = stalled(client);
            update(edge, upstream, withStreams(101), hasty);

            client.ended().get(30, TimeUnit.SECONDS);
            assertThat(open.join().broken()).isNotEmpty();
            try (H3Client next = H3Client.connect(edge.port())) {
                assertThat(next.get("/gone").status()).isEqualTo(410);
            }
            awaitFarewells(edge);
        }
    }

    @Test
    void ticketsAreGoodWhileWhoGaveThemStillServes() throws Exception {
        Consumer<LoadBalancerBuilder> more = loops(2);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, more);
                H3Client first = H3Client.connect(edge.port())) {
            CompletableFuture<H3Answer> open = stalled(first);
            await().until(() -> !first.quic().getNewSessionTickets().isEmpty());
            QuicSessionTicket ticket = first.quic().getNewSessionTickets().get(0);
            update(edge, upstream, withStreams(101), more);

            try (H3Client client = H3Client.resume(
                    edge.port(),
                    ticket,
                    new H3Exchange.Octets().head("GET", "/early").octets())) {
                assertThat(client.early().answer().status()).isEqualTo(200);
                assertThat(streamsOf(client)).isEqualTo(101);
                // Counted when the handshake is over, which the answer to an early request does not wait for.
                await().untilAsserted(() ->
                        assertThat(edge.figure(Figure.CONNECTIONS_EARLY)).isPositive());
            }
            upstream.release();
            assertWhole(open);
        }
    }

    /** RFC 9000 §7.4.1: what a client remembers it may use up before it learns of anything less. */
    @Test
    void whereLessIsGrantedSessionsAreResumedWithoutEarlyData() {
        Consumer<LoadBalancerBuilder> more = loops(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, more);
                H3Client first = H3Client.connect(edge.port())) {
            await().until(() -> !first.quic().getNewSessionTickets().isEmpty());
            QuicSessionTicket ticket = first.quic().getNewSessionTickets().get(0);
            for (int streams : List.of(99, 200)) {
                update(edge, upstream, withStreams(streams), more);
                long resumed = edge.figure(Figure.CONNECTIONS_RESUMED);
                try (H3Client client = H3Client.resume(
                        edge.port(),
                        ticket,
                        new H3Exchange.Octets().head("GET", "/early").octets())) {
                    assertThat(client.get("/gone").status()).isEqualTo(410);
                }
                assertThat(edge.figure(Figure.CONNECTIONS_RESUMED)).isGreaterThan(resumed);
            }
            assertThat(edge.figure(Figure.CONNECTIONS_EARLY)).isZero();
        }
    }

    @Test
    void anotherPortIsServedBesideTheOldOneUntilThatIsDrained() throws Exception {
        Consumer<LoadBalancerBuilder> more = loops(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, more);
                H3Client first = H3Client.connect(edge.port())) {
            CompletableFuture<H3Answer> open = stalled(first);
            AtomicInteger port = new AtomicInteger();
            ListenerTest.atFreePort(free -> {
                port.set(free);
                update(edge, upstream, Http3.of(http3 -> http3.port(free)), more);
            });

            try (H3Client client = H3Client.connect(port.get())) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
            }
            upstream.release();
            assertWhole(open);
        }
    }

    @Test
    void whatWasTakenAwayCanComeBackBeforeItIsDrained() throws Exception {
        Consumer<LoadBalancerBuilder> more = loops(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, more);
                H3Client first = H3Client.connect(edge.port())) {
            CompletableFuture<H3Answer> open = stalled(first);
            Http3 off = Http3.of(http3 -> http3.enabled(false));
            update(edge, upstream, off, more);
            update(edge, upstream, withStreams(101), more);

            assertServed(edge.port(), 101);
            upstream.release();
            assertWhole(open);
        }
    }

    @Test
    void anotherListenerThatTakesThePortOverLetsTheFormerEndToo() throws Exception {
        Consumer<LoadBalancerBuilder> more = loops(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, more);
                H3Client first = H3Client.connect(edge.port())) {
            CompletableFuture<H3Answer> open = stalled(first);
            int port = edge.port();
            edge.balancer().update(renamed(upstream, port, more).configuration());

            assertServed(port, 101);
            upstream.release();
            assertWhole(open);
        }
    }

    private static LoadBalancerBuilder renamed(
            ScriptedUpstream upstream, int port, Consumer<LoadBalancerBuilder> more) {
        Consumer<ListenerBuilder> listener =
                made -> made.port(port).tls(tls -> tls.selfSigned("localhost")).http3(withStreams(101));
        LoadBalancerBuilder builder = LoadBalancer.builder()
                .listener("renamed", listener)
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                .route("gone", route -> route.path("/gone").respond(410, response -> response.body("gone")))
                .route("all", route -> route.path("/**").to("api"));
        more.accept(builder);
        return builder;
    }

    @Test
    void theBalancersEndAwaitsThoseThatDrainAlready() throws Exception {
        Consumer<LoadBalancerBuilder> more = loops(1);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(GenerationsTest::script);
                Edge edge = Edge.before(upstream, withStreams(100), listener -> {}, more);
                H3Client first = H3Client.connect(edge.port())) {
            CompletableFuture<H3Answer> open = stalled(first);
            update(edge, upstream, withStreams(101), more);
            try (H3Client second = H3Client.connect(edge.port())) {
                assertThat(second.get("/gone").status()).isEqualTo(410);
                CompletableFuture<Void> closing = CompletableFuture.runAsync(edge::close, Aside.THREAD);
                second.ended().get(30, TimeUnit.SECONDS);
                assertThat(closing).isNotDone();

                upstream.release();
                assertWhole(open);
                closing.get(30, TimeUnit.SECONDS);
            }
        }
    }
}
