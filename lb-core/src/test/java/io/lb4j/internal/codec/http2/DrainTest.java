package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.error.Kind;
import io.lb4j.internal.codec.http2.Frames.Frame;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainTest {
    private final EmbeddedServer server = new EmbeddedServer().greeted();
    private final EmbeddedPeer client = server.client();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void warnsFirstAndNamesTheLastStreamARoundTripLater() {
        server.send(client.frames().get(1, "/"));
        server.connection().drain();
        List<Frame> goodbyes = client.received(FrameType.GOAWAY);
        assertThat(goodbyes).hasSize(1);
        assertThat(goodbyes.get(0).intAt(0)).isEqualTo(Integer.MAX_VALUE);
        Frame ping = client.received(FrameType.PING).get(0);

        server.send(client.frames().get(3, "/on-its-way"));
        server.send(Frames.frame(FrameType.PING, FrameType.FLAG_ACK, 0, ping.payload()));
        assertThat(client.received(FrameType.GOAWAY).get(1).intAt(0)).isEqualTo(3);
        assertThat(server.exchanges()).hasSize(2);

        server.send(client.frames().get(5, "/too-late"));
        assertThat(server.exchanges()).hasSize(2);
        assertThat(client.channel().isActive()).isTrue();

        server.exchange(0).respond(204, true);
        client.runTasks();
        assertThat(client.channel().isActive()).isTrue();
        server.exchange(1).respond(204, true);
        client.runTasks();
        assertThat(client.received(FrameType.HEADERS)).hasSize(2);
        assertThat(client.channel().isActive()).isFalse();
    }

    @Test
    void doesNotWaitForeverForTheRoundTrip() {
        server.connection().drain();
        await().pollInterval(Duration.ofMillis(20)).pollInSameThread().until(() -> {
            client.runTasks();
            return !client.channel().isActive();
        });
        assertThat(client.received(FrameType.GOAWAY)).hasSize(2);
    }

    @Test
    void drainingTwiceSaysGoodbyeOnce() {
        server.connection().drain();
        server.connection().drain();
        assertThat(client.received(FrameType.GOAWAY)).hasSize(1);
    }

    @Test
    void decodesTheHeadersOfLateStreamsForTheTable() {
        server.connection().drain();
        Frame ping = client.received(FrameType.PING).get(0);
        server.send(client.frames().post(1, "x-kept", "in the table"));
        server.send(Frames.frame(FrameType.PING, FrameType.FLAG_ACK, 0, ping.payload()));
        server.send(client.frames().post(3, "x-new", "late"), Frames.data(3, "late", true));
        server.send(client.frames().headers(1, true, "x-new", "late"));
        assertThat(server.exchange(0).heard().trailers()).isNotNull();
        assertThat(server.exchange(0).heard().trailers().value("x-new")).contains("late");
    }

    @Test
    void closesAfterTheClientsGoodbye() {
        server.send(client.frames().get(1, "/"), Frames.goAway(0, 0));
        assertThat(client.channel().isActive()).isTrue();
        server.exchange(0).respond(204, true);
        client.runTasks();
        assertThat(client.received(FrameType.HEADERS, 1)).hasSize(1);
        assertThat(client.channel().isActive()).isFalse();
    }

    @Test
    void closingFailsWhatIsUnderWay() {
        server.send(client.frames().get(1, "/"));
        server.connection().close();
        server.connection().close();
        assertThat(server.exchange(0).heard().failures()).isEqualTo(1);
        assertThat(server.exchange(0).heard().reason().kind()).isEqualTo(Kind.DRAINED);
        assertThat(client.goAwayCode()).isEqualTo(ErrorCode.NO_ERROR);
        assertThat(client.channel().isActive()).isFalse();
    }
}
