package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tech.kwik.core.frame.StreamFrame;

/** The dynamic table of QPACK (RFC 9204): what clients put there, octet by octet, and refer to. */
final class QpackTest {
    private static final int ENCODER_STREAM = 6; // the second of the client's unidirectional ones
    private static final byte[] CAPACITY_OF_4096 = {2, 0x3f, (byte) 0xe1, 0x1f};

    private static Edge edge(ScriptedUpstream upstream) {
        return Edge.before(upstream, Http3.of(http3 -> http3.qpack(4_096, 2)));
    }

    private static ScriptedUpstream upstream() {
        return ScriptedUpstream.start(script -> script.onAny().answer(200, "ok"));
    }

    /** An entry with a name of its own (RFC 9204 §4.3.3). */
    private static byte[] entry(String name, String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x40 | name.length());
        out.writeBytes(name.getBytes(US_ASCII));
        out.write(value.length());
        out.writeBytes(value.getBytes(US_ASCII));
        return out.toByteArray();
    }

    /** The HEADERS of a request that refers to the newest of so many entries (RFC 9204 §4.5). */
    private static byte[] requestReferringTo(int entries) {
        ByteArrayOutputStream section = new ByteArrayOutputStream();
        section.write(entries + 1); // as many are needed
        section.write(0); // the base is behind them
        section.write(0xc0 | 17); // :method GET
        section.write(0xc0 | 23); // :scheme https
        section.write(0x50); // :authority
        section.write("localhost".length());
        section.writeBytes("localhost".getBytes(US_ASCII));
        section.write(0xc0 | 1); // :path /
        section.write(0x80); // the newest entry
        return H3Client.frame(H3Client.HEADERS, section.toByteArray());
    }

    private static void send(H3Client client, long offset, byte[] octets) {
        client.send(new StreamFrame(ENCODER_STREAM, offset, octets, false));
    }

    @Test
    void entriesThatAreKnownAreReferredTo() {
        byte[] first = entry("x-colour", "green");
        byte[] second = entry("x-colour", "blue");
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            send(client, 0, CAPACITY_OF_4096);
            send(client, CAPACITY_OF_4096.length, first);
            for (int i = 0; i < 2; i++) {
                assertThat(client.open()
                                .raw(requestReferringTo(1))
                                .end()
                                .answer()
                                .status())
                        .isEqualTo(200);
            }
            send(client, CAPACITY_OF_4096.length + first.length, second);
            assertThat(client.open().raw(requestReferringTo(2)).end().answer().status())
                    .isEqualTo(200);

            assertThat(upstream.awaitRequests(3))
                    .extracting(request -> request.headers().all("x-colour"))
                    .containsExactly(List.of("green"), List.of("green"), List.of("blue"));
        }
    }

    /** The codec would refer to entries that the client has not got yet, in more of them than the client lets wait. */
    @Test
    void responsesReferToNoEntryWhateverTheClientOffers() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).header("x-colour", "green").body("ok")));
                Edge edge = edge(upstream);
                H3Client client = H3Client.connectWithTable(edge.port())) {
            for (int i = 0; i < 3; i++) {
                H3Client.H3Frame head = client.open().head("GET", "/").end().next();
                assertThat(head.type()).isEqualTo(H3Client.HEADERS);
                assertThat(head.payload()[0])
                        .as("entries that are needed (RFC 9204 §4.5.1.1)")
                        .isZero();
                assertThat(H3Client.fields(head.payload())).contains(Map.entry("x-colour", "green"));
            }
        }
    }

    @Test
    void aStreamThatWaitsForAnEntryGoesOnWhenItComes() {
        try (ScriptedUpstream upstream = upstream();
                Edge edge = edge(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            send(client, 0, CAPACITY_OF_4096);
            H3Exchange waiting = client.open().raw(requestReferringTo(1)).end();
            await().until(() -> edge.figure(Figure.STREAMS_OPEN) == 1);
            assertThat(client.get("/gone").status()).as("others go on").isEqualTo(410);
            assertThat(upstream.requestCount()).isZero();
            assertThat(edge.figure(Figure.STREAMS_OPEN)).isEqualTo(1);

            send(client, CAPACITY_OF_4096.length, entry("x-colour", "green"));
            assertThat(waiting.answer().text()).isEqualTo("ok");
            assertThat(upstream.awaitRequest().headers().all("x-colour")).containsExactly("green");
        }
    }
}
