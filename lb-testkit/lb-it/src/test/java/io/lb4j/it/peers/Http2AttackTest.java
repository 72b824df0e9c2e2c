package io.lb4j.it.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.Frame;
import io.lb4j.testkit.http2.FrameType;
import io.lb4j.testkit.http2.H2Error;
import io.lb4j.testkit.http2.H2Options;
import io.lb4j.testkit.http2.HeaderBlock;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.net.Dial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attacks that keep to no rule of HTTP/2, each beside a bystander on a connection of its own: whose request is under way meanwhile, and
 * whose next one is served as ever.
 */
final class Http2AttackTest {
    /** What one connection may bring about at once (Http2Limits.Abuse), and what comes back while the test runs. */
    private static final int RESETS = 200 + 100;

    private static final int MANY = 20_000;

    private final ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
        script.on("/stalled").stall().answer(200, "at last");
        script.onAny().answer(200, "ok");
    });
    private final LoadBalancer balancer = Between.start(Origin.http1(upstream.port()));
    private final RawH2Client bystander = RawH2Client.connect(Between.plainPort(balancer));
    private final RawH2Client attacker = RawH2Client.connect(Between.plainPort(balancer));
    private int bystandersStream;

    @BeforeEach
    void letTheBystanderWait() {
        bystandersStream = bystander.open(bystander.head("GET", "/stalled"), true);
        upstream.awaitRequest();
    }

    @AfterEach
    void theBystanderIsServed() {
        try {
            upstream.release();
            assertThat(bystander.awaitResponse(bystandersStream).text()).isEqualTo("at last");
            assertThat(bystander.get("/after").text()).isEqualTo("ok");
            assertThat(bystander.violations()).isEmpty();
        } finally {
            attacker.close();
            bystander.close();
            balancer.close();
            upstream.close();
        }
    }

    /** CVE-2023-44487. */
    @Test
    void rapidResetEndsTheConnectionAndStartsFewRequests() {
        untilGoAway(H2Error.ENHANCE_YOUR_CALM, i -> {
            int stream = attacker.nextStream();
            return new Frame[] {request(stream, "/stalled", true), Frame.reset(stream, H2Error.CANCEL)};
        });

        assertThat(upstream.requestCount()).isLessThanOrEqualTo(RESETS);
    }

    /** CVE-2025-8671: the client makes us reset the stream, which does not count as its own reset. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakesThatEndAStream")
    void makingUsResetStreamsEndsTheConnectionToo(String mistake, boolean end, IntFunction<Frame> mistaken) {
        untilGoAway(H2Error.ENHANCE_YOUR_CALM, i -> {
            int stream = attacker.nextStream();
            return new Frame[] {request(stream, "/stalled", end), mistaken.apply(stream)};
        });

        assertThat(upstream.requestCount()).isLessThanOrEqualTo(RESETS);
    }

    static Stream<Arguments> mistakesThatEndAStream() {
        return Stream.of(
                mistake("a window enlarged by nothing", true, stream -> Frame.windowUpdate(stream, 0)),
                mistake("a window enlarged too far", true, stream -> Frame.windowUpdate(stream, Integer.MAX_VALUE)),
                mistake(
                        "a stream that depends on itself",
                        true,
                        stream -> Frame.of(
                                FrameType.PRIORITY, 0, stream, new byte[] {0, 0, (byte) (stream >> 8), (byte) stream, 0
                                })),
                mistake("data after the end", true, stream -> Frame.data(stream, new byte[1], true)),
                mistake("a second head that ends nothing", false, stream -> request(stream, "/stalled", false)),
                mistake(
                        "PRIORITY of a wrong size",
                        true,
                        stream -> Frame.of(FrameType.PRIORITY, 0, stream, new byte[4])));
    }

    private static Arguments mistake(String name, boolean end, IntFunction<Frame> frame) {
        return Arguments.of(name, end, frame);
    }

    /** CVE-2019-9512, 9515, 9518 and the like. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("framesThatCarryNothing")
    void aFloodOfFramesThatCarryNothingEndsTheConnection(String name, IntFunction<Frame> frame) {
        int stream = attacker.open(attacker.head("POST", "/stalled"), false);

        untilGoAway(H2Error.ENHANCE_YOUR_CALM, i -> new Frame[] {frame.apply(stream)});
    }

    static Stream<Arguments> framesThatCarryNothing() {
        return Stream.of(
                flood("PING", stream -> Frame.ping(1)),
                flood("SETTINGS", stream -> Frame.settings()),
                flood("SETTINGS of the table's size", stream -> Frame.settings(H2Options.HEADER_TABLE_SIZE, 0)),
                flood("SETTINGS acknowledged", stream -> Frame.settingsAck()),
                flood("DATA without data", stream -> Frame.data(stream, new byte[0], false)),
                flood(
                        "DATA with nothing but padding",
                        stream -> Frame.of(FrameType.DATA, Frame.PADDED, stream, new byte[] {7, 0, 0, 0, 0, 0, 0, 0})),
                flood("PRIORITY", stream -> Frame.of(FrameType.PRIORITY, 0, stream, new byte[5])),
                flood("WINDOW_UPDATE", stream -> Frame.windowUpdate(stream, 1)),
                flood("RST_STREAM of a stream that is gone", stream -> Frame.reset(stream, H2Error.CANCEL)),
                flood("frames of no known type", stream -> Frame.of(0xbe, 0, stream, new byte[0])));
    }

    private static Arguments flood(String name, IntFunction<Frame> frame) {
        return Arguments.of(name, frame);
    }

    /** CVE-2024-27316 and its kin. */
    @Test
    void aBlockThatNeverEndsEndsTheConnection() {
        int stream = attacker.nextStream();
        attacker.send(Frame.of(
                FrameType.HEADERS,
                0,
                stream,
                new HeaderBlock().literal("a", "b").toByteArray()));

        untilGoAway(H2Error.ENHANCE_YOUR_CALM, i ->
                new Frame[] {Frame.continuation(stream, new byte[i % 2 * 100], false)});

        assertThat(upstream.requestCount()).isEqualTo(1); // the bystander's
    }

    /** CVE-2026-49975 and its kin: a few octets that stand for many, and no window for the answers. */
    @Test
    void aBlockThatUnfoldsIsRefusedAtTheLimitHoweverSmallItIs() {
        try (RawH2Client bomber = RawH2Client.connect(
                Dial.to(Between.plainPort(balancer)), H2Options.defaults().setting(H2Options.INITIAL_WINDOW_SIZE, 0))) {
            HeaderBlock fill = block("/").indexed("x-bomb", "x".repeat(3_500));
            int first = send(bomber, fill, true);
            upstream.awaitRequest(request -> request.headers().contains("x-bomb"));

            for (int i = 0; i < 90; i++) {
                HeaderBlock bomb = block("/");
                for (int references = 0; references < 10_000; references++) {
                    bomb.reference(62);
                }
                int stream = send(bomber, bomb, true);
                assertThat(bomber.awaitHeaders(stream).status()).isEqualTo(431);
            }

            assertThat(bomber.awaitHeaders(first).status()).isEqualTo(200);
        }
        assertThat(upstream.requestCount()).isEqualTo(2);
    }

    @Test
    void countsFieldsAsTheyAreDecodedPiecesOfACookieToo() {
        HeaderBlock crumbs = block("/crumbs").indexed("cookie", "");
        for (int i = 0; i < 150; i++) {
            crumbs.reference(62);
        }

        int stream = send(attacker, crumbs, true);

        assertThat(attacker.awaitResponse(stream).status()).isEqualTo(431);
        assertThat(attacker.get("/next").status()).isEqualTo(200);
        assertThat(upstream.requests()).extracting(RecordedRequest::target).doesNotContain("/crumbs");
    }

    @Test
    void aWindowOfTheConnectionThatGrowsTooLargeEndsIt() {
        attacker.send(Frame.windowUpdate(0, Integer.MAX_VALUE));

        assertThat(attacker.awaitGoAway().error()).isEqualTo(H2Error.FLOW_CONTROL_ERROR);
        attacker.awaitClose();
    }

    @Test
    void settingsThatMakeAStreamsWindowTooLargeEndTheConnection() {
        int stream = attacker.open(attacker.head("GET", "/stalled"), true);
        attacker.send(Frame.windowUpdate(stream, Integer.MAX_VALUE - 65_535));
        attacker.send(Frame.settings(H2Options.INITIAL_WINDOW_SIZE, 65_536));

        assertThat(attacker.awaitGoAway().error()).isEqualTo(H2Error.FLOW_CONTROL_ERROR);
    }

    @Test
    void streamsPastTheLimitAreRefusedAndTheOthersServed() {
        List<Integer> streams = Stream.generate(() -> attacker.open(attacker.head("GET", "/stalled"), true))
                .limit(101)
                .toList();

        assertThat(attacker.awaitReset(streams.get(100))).isEqualTo(H2Error.REFUSED_STREAM);
        upstream.awaitRequests(101);
        upstream.release();
        assertThat(streams.subList(0, 100))
                .allSatisfy(stream ->
                        assertThat(attacker.awaitResponse(stream).status()).isEqualTo(200));
    }

    private void untilGoAway(H2Error expected, IntFunction<Frame[]> frames) {
        sendAll(frames);
        Frame goAway = attacker.awaitGoAway();
        assertThat(goAway.error()).as(new String(goAway.payload(), US_ASCII)).isEqualTo(expected);
        attacker.awaitClose();
    }

    private void sendAll(IntFunction<Frame[]> frames) {
        try {
            for (int i = 0; i < MANY; i++) {
                for (Frame frame : frames.apply(i)) {
                    attacker.send(frame);
                }
            }
        } catch (UncheckedIOException closed) {
            // What the attack is to end with: the answer says why.
            assertThat(closed).hasCauseInstanceOf(IOException.class);
        }
    }

    private static Frame request(int stream, String path, boolean end) {
        return Frame.headers(stream, block(path).toByteArray(), end);
    }

    private static HeaderBlock block(String path) {
        return new HeaderBlock()
                .literal(":method", "POST")
                .literal(":scheme", "http")
                .literal(":authority", "localhost")
                .literal(":path", path);
    }

    private static int send(RawH2Client client, HeaderBlock block, boolean end) {
        int stream = client.nextStream();
        client.send(Frame.headers(stream, block.toByteArray(), end));
        return stream;
    }
}
