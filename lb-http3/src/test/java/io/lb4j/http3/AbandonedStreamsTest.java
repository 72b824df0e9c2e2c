package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import org.junit.jupiter.api.Test;

/** Streams that are over without the client having ended its side, which the codec remembers for as long as the connection lasts. */
final class AbandonedStreamsTest {
    @Test
    void aConnectionDoesNotOutliveItsAbandonedStreams() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.abandonedStreams(3)));
                H3Client client = H3Client.connect(edge.port())) {
            AbuseTest.openAndReset(client, edge, 3);
            assertThat(client.get("/gone").status()).as("at the limit").isEqualTo(410);
            assertThat(edge.figure(Figure.STREAMS_ABANDONED)).isEqualTo(3);
            assertThat(edge.figure(Figure.CONNECTIONS_DRAINED_ABANDONED)).isZero();

            AbuseTest.openAndReset(client, edge, 1);
            assertThat(client.nextControl(H3Client.GOAWAY).integer())
                    .as("one past it")
                    .isEqualTo((1L << 62) - 4);
            assertThat(AbuseTest.endOf(client)).isEqualTo(0x100);
            assertThat(edge.figure(Figure.STREAMS_ABANDONED)).isEqualTo(4);
            assertThat(edge.figure(Figure.CONNECTIONS_DRAINED_ABANDONED)).isEqualTo(1);
            assertThat(edge.figure(Figure.CONNECTIONS_ABUSIVE)).isZero();
        }
    }

    /** A request that is open keeps it from ending in order. */
    @Test
    void aConnectionThatDrainsEndsWithTwiceAsManyAbandonedStreams() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.abandonedStreams(3)));
                H3Client client = H3Client.connect(edge.port())) {
            client.open().head("GET", "/").end();
            AbuseTest.openAndReset(client, edge, 4);
            client.nextControl(H3Client.GOAWAY); // a warning; the next one says what is not taken
            client.nextControl(H3Client.GOAWAY);
            client.open().head("POST", "/");
            client.open().head("POST", "/");
            await().until(() -> edge.figure(Figure.STREAMS_ABANDONED) == 6);
            assertThat(client.ended()).as("at the limit").isNotDone();

            client.open().head("POST", "/");
            assertThat(AbuseTest.endOf(client)).as("one past it").isEqualTo(AbuseTest.EXCESSIVE_LOAD);
            AbuseTest.assertEndedFor(edge, Figure.CONNECTIONS_ABUSIVE_ABANDONED);
        }
    }

    @Test
    void unidirectionalStreamsThatAreResetAreAbandonedOnes() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.abandonedStreams(2)));
                H3Client client = H3Client.connect(edge.port())) {
            for (int i = 0; i < 3; i++) {
                client.openUnidirectional().raw(AbuseTest.UNKNOWN_STREAM).stream()
                        .resetStream(0x10c);
            }

            assertThat(client.nextControl(H3Client.GOAWAY).integer()).isEqualTo((1L << 62) - 4);
            assertThat(AbuseTest.endOf(client)).isEqualTo(0x100);
            assertThat(edge.figure(Figure.STREAMS_ABANDONED)).isEqualTo(3);
        }
    }
}
