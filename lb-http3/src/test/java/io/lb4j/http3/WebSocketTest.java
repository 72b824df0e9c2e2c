package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http3.H3Client.H3Frame;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** WebSocket over HTTP/3 (RFC 9220). */
final class WebSocketTest {
    private static final int ENABLE_CONNECT_PROTOCOL = 0x8;

    private static List<Map.Entry<String, String>> connect(String protocol) {
        return List.of(
                Map.entry(":method", "CONNECT"),
                Map.entry(":protocol", protocol),
                Map.entry(":scheme", "https"),
                Map.entry(":authority", "localhost"),
                Map.entry(":path", "/chat"),
                Map.entry("sec-websocket-version", "13"));
    }

    @Test
    void itIsOffered() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.nextControl(H3Client.SETTINGS).payload())
                    .containsSequence(new byte[] {ENABLE_CONNECT_PROTOCOL, 1});
        }
    }

    @Test
    void octetsGoBothWaysThroughTheTunnel() throws IOException {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().upgrade("websocket"));
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange exchange = client.open().fields(connect("websocket"));

            H3Frame head = exchange.next();
            assertThat(H3Client.fields(head.payload())).contains(Map.entry(":status", "200"));
            exchange.data("hello".getBytes(UTF_8));
            assertThat(new String(exchange.next().payload(), UTF_8)).isEqualTo("hello");
            exchange.end();
            assertThat(exchange.answer().isWhole()).isTrue();
            assertThat(upstream.awaitRequest().headers().first("upgrade")).contains("websocket");
        }
    }

    @Test
    void anUnknownProtocolIsNotServed() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Answer answer =
                    client.open().fields(connect("carrier-pigeon")).end().answer();

            assertThat(answer.status()).isEqualTo(501);
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
    }
}
