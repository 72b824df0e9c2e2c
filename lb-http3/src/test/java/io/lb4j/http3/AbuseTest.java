package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that cost more than they bring: each limit at the limit, and one past it. */
final class AbuseTest {
    static final long EXCESSIVE_LOAD = 0x107;
    private static final long CLOSED_CRITICAL_STREAM = 0x104;
    static final byte[] UNKNOWN_STREAM = {0x21};

    static long endOf(H3Client client) {
        return client.ended().orTimeout(30, TimeUnit.SECONDS).join().applicationErrorCode();
    }

    static void assertEndedFor(Edge edge, Figure cause) {
        await().untilAsserted(
                        () -> assertThat(edge.figure(cause)).as("%s", cause).isEqualTo(1));
        assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE)).isEqualTo(1);
    }

    static void openAndReset(H3Client client, Edge edge, int times) {
        for (int i = 0; i < times; i++) {
            long before = edge.figure(Figure.STREAMS_RESET_BY_CLIENT);
            H3Exchange exchange = client.open().head("POST", "/");
            exchange.stream().resetStream(0x10c);
            await().until(() -> edge.figure(Figure.STREAMS_RESET_BY_CLIENT) > before);
        }
    }

    @Test
    void streamsMayBeResetSoOftenAndNoMore() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.resets(5, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            openAndReset(client, edge, 5);
            assertThat(client.get("/gone").status()).isEqualTo(410);
            openAndReset(client, edge, 2);

            assertThat(endOf(client)).isEqualTo(EXCESSIVE_LOAD);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_RESETS);
        }
    }

    /** The codec tells of them as it tells of those that end a connection. */
    @Test
    void noFaultOfAStreamLiftsTheLimits() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.resets(5, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange faulty = client.open().head("GET", "/", "te", "gzip").end();
            assertThat(faulty.answer().isWhole()).isFalse();
            openAndReset(client, edge, 6);

            assertThat(endOf(client)).isEqualTo(EXCESSIVE_LOAD);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_RESETS);
        }
    }

    /** Makes a whole request, and takes it back by the only frame that there is for that then. */
    private static void askAndStop(H3Client client) {
        client.open().head("GET", "/").end().stream().abortReading(0x10c);
    }

    @Test
    void requestsMayBeStoppedSoOftenAndNoMore() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.resets(200, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            for (int i = 0; i < 200; i++) {
                askAndStop(client);
            }
            await().atMost(30, TimeUnit.SECONDS).until(() -> edge.figure(Figure.STREAMS_RESET_BY_CLIENT) == 200);
            assertThat(client.get("/gone").status()).as("at the limit").isEqualTo(410);
            askAndStop(client); // this one was earned
            askAndStop(client);

            assertThat(endOf(client)).as("one past it").isEqualTo(EXCESSIVE_LOAD);
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE)).isEqualTo(1);
        }
    }

    @Test
    void noMoreRequestsAreOpenThanMayBeHoweverManyAreStopped() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(
                        upstream, Http3.of(http3 -> http3.maxIncomingStreams(10).resets(1000, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            long most = 0;
            for (int i = 0; i < 60; i++) {
                askAndStop(client);
                most = Math.max(most, edge.figure(Figure.STREAMS_OPEN));
            }

            assertThat(most).isLessThanOrEqualTo(10);
            await().until(() -> edge.figure(Figure.STREAMS_RESET_BY_CLIENT) == 60);
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
    }

    @Test
    void aRequestThatTheClientStopsEndsAtTheEndpointToo() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange exchange = client.open().head("GET", "/").end();
            upstream.awaitRequest();
            exchange.stream().abortReading(0x10c);

            assertThat(edge.nextRecord().response().status()).isEqualTo(499);
            upstream.awaitConnections(connections -> connections.open() == 0);
        }
    }

    @Test
    void aResponseThatIsStoppedAfterItHasBegunCountsToo() throws IOException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).payload(10 << 20)));
                Edge edge = Edge.before(upstream);
                H3Client client =
                        H3Client.connect(edge.port(), builder -> builder.defaultStreamReceiveBufferSize(100_000L))) {
            H3Exchange exchange = client.open().head("GET", "/").end();
            assertThat(exchange.next().type()).isEqualTo(H3Client.HEADERS);
            exchange.stream().abortReading(0x10c);

            await().until(() -> edge.figure(Figure.STREAMS_RESET_BY_CLIENT) == 1);
            assertThat(edge.nextRecord().response().status()).isEqualTo(200);
        }
    }

    @Test
    void aRequestThatIsBothResetAndStoppedCountsOnce() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange stoppedFirst = client.open().head("POST", "/");
            stoppedFirst.stream().abortReading(0x10c);
            stoppedFirst.stream().resetStream(0x10c);
            H3Exchange resetFirst = client.open().head("POST", "/");
            resetFirst.stream().resetStream(0x10c);
            resetFirst.stream().abortReading(0x10c);

            await().until(() -> edge.figure(Figure.STREAMS_OPEN) == 0);
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(edge.figure(Figure.STREAMS_RESET_BY_CLIENT)).isEqualTo(2);
        }
    }

    @Test
    void faultsThatMakeUsResetCountAlike() {
        List<Map.Entry<String, String>> malformed = List.of(Map.entry(":method", "GET"));
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.resets(5, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.open().fields(malformed).end().answer().isWhole())
                        .isFalse();
            }
            assertThat(client.get("/gone").status()).isEqualTo(410);
            assertThat(client.open().fields(malformed).end().answer().isWhole()).isFalse();
            assertThat(client.open().fields(malformed).end().answer().isWhole()).isFalse();

            assertThat(endOf(client)).isEqualTo(EXCESSIVE_LOAD);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_FAULTS);
        }
    }

    @Test
    void framesThatCarryNothingAreCounted() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.idleFrames(11, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange exchange = client.open().head("POST", "/");
            for (int i = 0; i < 10; i++) { // and the client's SETTINGS
                exchange.data(new byte[0]);
            }
            assertThat(exchange.end().answer().status()).isEqualTo(200);
            client.open().head("POST", "/").data(new byte[0]);

            assertThat(endOf(client)).isEqualTo(EXCESSIVE_LOAD);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_IDLE_FRAMES);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0xe, 0x21, 0x3f, 0x40, 1L << 40})
    void controlFramesAndFramesOfUnknownTypesAreCounted(long unknownFrame) {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.idleFrames(9, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            for (int i = 1; i <= 4; i++) { // and the client's SETTINGS
                client.sendControl(H3Client.MAX_PUSH_ID, i);
            }
            H3Exchange exchange = client.open().head("POST", "/");
            for (int i = 0; i < 4; i++) {
                exchange.raw(H3Client.frame(unknownFrame, new byte[3]));
            }
            assertThat(exchange.end().answer().status()).as("at the limit").isEqualTo(200);
            client.sendControl(unknownFrame, 1);

            assertThat(endOf(client)).as("one past it").isEqualTo(EXCESSIVE_LOAD);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_IDLE_FRAMES);
        }
    }

    @Test
    void unidirectionalStreamsOfUnknownTypesAreCounted() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.idleFrames(5, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            for (int i = 0; i < 2 + 4; i++) { // beside the control stream and its SETTINGS, two that HTTP/3 may need
                client.openUnidirectional().raw(UNKNOWN_STREAM).end();
            }
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/gone").status()).as("at the limit").isEqualTo(410);
            }
            client.openUnidirectional().raw(UNKNOWN_STREAM).end();

            assertThat(endOf(client)).as("one past it").isEqualTo(EXCESSIVE_LOAD);
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE)).isEqualTo(1);
        }
    }

    @Test
    void aControlStreamThatIsResetEndsTheConnection() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.get("/gone").status())
                    .as("and the type of the control stream was read")
                    .isEqualTo(410);
            client.ownControl().stream().resetStream(0x10c);

            assertThat(endOf(client)).isEqualTo(CLOSED_CRITICAL_STREAM);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0xe, 0x21, 0x3f, 0x40, 1L << 40})
    void framesOfUnknownTypesHaveASize(long unknownFrame) {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200));
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange exchange = client.open().head("POST", "/").raw(H3Client.frame(unknownFrame, new byte[32 << 10]));
            assertThat(exchange.end().answer().status()).as("at the limit").isEqualTo(200);
            client.open().head("POST", "/").raw(H3Client.frame(unknownFrame, new byte[(32 << 10) + 1]));

            assertThat(endOf(client)).as("one past it").isEqualTo(EXCESSIVE_LOAD);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_SIZES);
        }
    }

    @Test
    void soManyRequestsMayBeMadeInOneGoAndNoMore() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.openedStreams(5, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/gone").status()).isEqualTo(410);
            }
            client.open().head("GET", "/gone").end();

            assertThat(endOf(client)).isEqualTo(EXCESSIVE_LOAD);
            assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_STREAMS);
        }
    }

    @Test
    void streamsThatEndWithoutARequestCountAsFaults() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.resets(3, 0)));
                H3Client client = H3Client.connect(edge.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.open().end().answer().isWhole()).isFalse();
            }
            assertThat(client.ended()).as("at the limit").isNotDone();
            client.open().end();

            assertThat(endOf(client)).as("one past it").isEqualTo(EXCESSIVE_LOAD);
        }
    }

    @Test
    void whatWaitsForAClientIsBounded() {
        AtomicLong all = new AtomicLong();
        Figures figures = new Figures();
        Backlog backlog = new Backlog(
                Http3.of(http3 -> http3.maxBuffered(100_000, 1_000_000)).settings(), all, figures);

        assertThat(backlog.add(99_999)).isFalse();
        assertThat(backlog.hasRoom()).isTrue();
        assertThat(figures.value(Figure.RESPONSES_HELD_BACK)).isZero();
        backlog.add(1);
        assertThat(backlog.hasRoom()).isFalse();
        backlog.add(1);
        assertThat(figures.value(Figure.RESPONSES_HELD_BACK)).isEqualTo(1);
        assertThat(backlog.add(-50_000)).isFalse();
        assertThat(backlog.hasRoom()).isFalse();
        assertThat(backlog.add(-1)).as("half of it is gone").isTrue();
        assertThat(backlog.hasRoom()).isTrue();
        assertThat(all).hasValue(50_000);
    }

    @Test
    void whatWaitsForAllClientsIsBounded() {
        AtomicLong all = new AtomicLong(900_000);
        Figures figures = new Figures();
        Backlog backlog = new Backlog(
                Http3.of(http3 -> http3.maxBuffered(1_000_000, 1_000_000)).settings(), all, figures);

        backlog.add(99_999);
        assertThat(backlog.hasRoom()).isTrue();
        backlog.add(1);
        assertThat(backlog.hasRoom()).isFalse();
        assertThat(figures.value(Figure.RESPONSES_HELD_BACK)).isEqualTo(1);
    }

    @Test
    void aStreamThatIsReadGoesOnBesideOthersThatAreNot() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).payload(1 << 20)));
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxBuffered(64 << 10, 1L << 30)));
                H3Client client =
                        H3Client.connect(edge.port(), builder -> builder.defaultStreamReceiveBufferSize(100_000L))) {
            List<H3Exchange> unread = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                unread.add(client.open().head("GET", "/" + i).end());
            }
            await().until(() -> edge.figure(Figure.OCTETS_WAITING) > 64 << 10);

            assertThat(client.get("/read").body()).hasSize(1 << 20);
            unread.forEach(exchange -> exchange.stream().abortReading(0x10c));
            await().untilAsserted(
                            () -> assertThat(edge.figure(Figure.OCTETS_WAITING)).isZero());
        }
    }
}
