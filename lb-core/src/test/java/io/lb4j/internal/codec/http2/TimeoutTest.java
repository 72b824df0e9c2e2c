package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.error.Kind;
import io.lb4j.internal.codec.http2.EmbeddedServer.Exchange;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

@TimeBound
class TimeoutTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(60);

    @Test
    void clientThatNeverGreets() {
        try (EmbeddedServer server = server(new Http2Limits.Timeouts(SHORT, LONG, LONG, LONG, LONG, LONG))) {
            awaitOn(server, () -> server.client().goAwayCode() != null);
            assertThat(server.client().goAwayCode()).isEqualTo(ErrorCode.SETTINGS_TIMEOUT);
            assertThat(server.client().channel().isActive()).isFalse();
        }
    }

    @Test
    void clientThatNeverAcknowledges() {
        try (EmbeddedServer server = server(new Http2Limits.Timeouts(SHORT, LONG, LONG, LONG, LONG, LONG))) {
            server.send(Frames.preface(), Frames.settings());
            awaitOn(server, () -> server.client().goAwayCode() != null);
            assertThat(server.client().goAwayCode()).isEqualTo(ErrorCode.SETTINGS_TIMEOUT);
        }
    }

    @Test
    void blockThatDoesNotEnd() {
        try (EmbeddedServer server = server(new Http2Limits.Timeouts(LONG, SHORT, LONG, LONG, LONG, LONG))) {
            server.greeted().send(Frames.frame(FrameType.HEADERS, 0, 1));
            awaitOn(server, () -> server.client().goAwayCode() != null);
            assertThat(server.client().goAwayCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void connectionWithoutStreams() {
        try (EmbeddedServer server = server(new Http2Limits.Timeouts(LONG, LONG, SHORT, LONG, LONG, LONG))) {
            server.greeted().send(server.client().frames().get(1, "/"));
            server.exchange(0).respond(204, true);
            awaitOn(server, () -> server.client().goAwayCode() != null);
            assertThat(server.client().goAwayCode()).isEqualTo(ErrorCode.NO_ERROR);
            assertThat(server.client().received(FrameType.GOAWAY).get(0).intAt(0))
                    .isEqualTo(1);
            awaitOn(server, () -> !server.client().channel().isActive());
        }
    }

    @Test
    void connectionWithAStreamIsNotIdle() {
        try (EmbeddedServer server = server(new Http2Limits.Timeouts(LONG, LONG, SHORT, SHORT, LONG, LONG))) {
            // The second stream's late body shows that the time of the first one's idleness has passed too.
            server.greeted()
                    .send(
                            server.client().frames().get(1, "/"),
                            server.client().frames().post(3));
            awaitOn(server, () -> server.exchange(1).heard().failure() != null);
            awaitOn(server, () -> server.client().resetCode(3) != null);
            assertThat(server.client().goAwayCode()).isNull();
        }
    }

    @Test
    void bodyThatStallsMayStillBeAnswered() {
        try (EmbeddedServer server = server(new Http2Limits.Timeouts(LONG, LONG, LONG, SHORT, LONG, LONG))) {
            server.greeted().send(server.client().frames().post(1), Frames.data(1, "x", false));
            Exchange exchange = server.exchange(0);
            awaitOn(server, () -> exchange.heard().failure() != null);
            assertThat(exchange.heard().reason().kind()).isEqualTo(Kind.REQUEST_TIMEOUT);
            exchange.respond(408, true);
            assertThat(server.client().received(FrameType.HEADERS, 1)).hasSize(1);
            assertThat(server.client().resetCode(1)).isEqualTo(ErrorCode.NO_ERROR);
            assertThat(exchange.heard().failures()).isEqualTo(1);
        }
    }

    @Test
    void bodyThatStallsAndIsNotAnsweredIsReset() {
        try (EmbeddedServer server = server(new Http2Limits.Timeouts(LONG, LONG, LONG, SHORT, LONG, LONG))) {
            server.greeted().send(server.client().frames().post(1));
            awaitOn(server, () -> server.client().resetCode(1) != null);
            assertThat(server.client().resetCode(1)).isEqualTo(ErrorCode.CANCEL);
            assertThat(server.exchange(0).heard().failures()).isEqualTo(1);
        }
    }

    @Test
    void bodyThatNobodyReadsDoesNotStall() {
        try (EmbeddedServer server = server(new Http2Limits.Timeouts(LONG, LONG, LONG, SHORT, LONG, LONG))) {
            server.greeted()
                    .send(
                            server.client().frames().post(1),
                            server.client().frames().post(3));
            server.exchange(0).stream().pauseReading();
            awaitOn(server, () -> server.exchange(1).heard().failure() != null);
            assertThat(server.exchange(0).heard().failure()).isNull();
            server.exchange(0).stream().resumeReading();
            awaitOn(server, () -> server.exchange(0).heard().failure() != null);
        }
    }

    @Test
    void clientThatNeverOpensItsWindow() {
        try (EmbeddedServer server = server(new Http2Limits.Timeouts(LONG, LONG, LONG, LONG, SHORT, LONG))) {
            server.greeted(PeerSettings.INITIAL_WINDOW_SIZE, 0)
                    .send(server.client().frames().get(1, "/"));
            Exchange exchange = server.exchange(0);
            exchange.respond(200, false);
            exchange.write("waits", true);
            awaitOn(server, () -> exchange.heard().failure() != null);
            assertThat(exchange.heard().reason().kind()).isEqualTo(Kind.CLIENT_STALLED);
            assertThat(server.client().resetCode(1)).isEqualTo(ErrorCode.CANCEL);
        }
    }

    private static EmbeddedServer server(Http2Limits.Timeouts timeouts) {
        return new EmbeddedServer(Http2Limits.defaults().with(timeouts));
    }

    private static void awaitOn(EmbeddedServer server, Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(5)).pollInSameThread().until(() -> {
            server.client().runTasks();
            return condition.call();
        });
    }
}
