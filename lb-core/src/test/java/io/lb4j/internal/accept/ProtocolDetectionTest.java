package io.lb4j.internal.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.http.Version;
import io.lb4j.testkit.http.RawClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolDetectionTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final RecordingProtocols protocols = new RecordingProtocols();
    private final TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols);

    @AfterEach
    void close() {
        listener.close();
    }

    @Test
    void knowsHttp2ByItsPrefaceHoweverItIsCut() {
        for (int cut = 1; cut < PREFACE.length(); cut++) {
            try (RawClient client = RawClient.connect(listener.port())) {
                sendAlone(client, PREFACE.substring(0, cut));
                client.send(PREFACE.substring(cut) + "more");
                assertThat(text(client.read(PREFACE.length() + 5))).isEqualTo("2" + PREFACE + "more");
            }
        }
    }

    @Test
    void knowsHttp2ByItsPrefaceInOnePiece() {
        try (RawClient client = RawClient.connect(listener.port())) {
            client.send(PREFACE);
            assertThat(text(client.read(PREFACE.length() + 1))).isEqualTo("2" + PREFACE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "PO", "PU", "PRIO", "PRI * HTTP/1", "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX", "\r\n", "\0"})
    void takesHttp1FromTheFirstOctetThatDiffers(String sent) {
        try (RawClient client = RawClient.connect(listener.port())) {
            client.send(sent);
            assertThat(text(client.read(sent.length() + 1))).isEqualTo("1" + sent);
        }
    }

    @Test
    void handsOnWhatItHeldBackBeforeTheOctetThatDiffered() {
        try (RawClient client = RawClient.connect(listener.port())) {
            sendAlone(client, "PR");
            client.send("OPFIND /");
            assertThat(text(client.read(11))).isEqualTo("1PROPFIND /");
        }
    }

    @Test
    void closesAConnectionThatShowsNoProtocolInTime() {
        listener.acceptor()
                .apply(new ConnectionPolicy(
                        Set.of(Version.HTTP_1_1, Version.HTTP_2),
                        ConnectionLimits.defaults(),
                        Duration.ofMillis(50),
                        Optional.empty(),
                        List.of()));
        try (RawClient client = RawClient.connect(listener.port())) {
            client.send("PRI");
            client.expectClose();
        }
        assertThat(protocols.codecs()).isEmpty();
    }

    @Test
    void doesNotLookWhereOnlyHttp1IsServed() {
        listener.acceptor().apply(only(Version.HTTP_1_1));
        try (RawClient client = RawClient.connect(listener.port())) {
            client.send(PREFACE);
            assertThat(text(client.read(PREFACE.length() + 1))).isEqualTo("1" + PREFACE);
        }
    }

    @Test
    void doesNotLookWhereOnlyHttp2IsServed() {
        listener.acceptor().apply(only(Version.HTTP_2));
        try (RawClient client = RawClient.connect(listener.port())) {
            client.send("GET /");
            assertThat(text(client.read(6))).isEqualTo("2GET /");
        }
    }

    private static ConnectionPolicy only(Version version) {
        return new ConnectionPolicy(
                Set.of(version), ConnectionLimits.defaults(), Duration.ofSeconds(10), Optional.empty(), List.of());
    }

    /** Sends a piece, and waits until it was read by itself. */
    private void sendAlone(RawClient client, String piece) {
        long before = listener.statistics().bytesRead();
        client.send(piece);
        await().until(() -> listener.statistics().bytesRead() == before + piece.length());
    }

    private static String text(byte[] octets) {
        return new String(octets, US_ASCII);
    }
}
