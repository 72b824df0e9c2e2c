package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.spi.Certificates;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests for hosts whose certificate the connection has not shown (RFC 9110 §15.5.20). */
final class MisdirectedTest {
    private static H3Answer get(H3Client client, String authority) {
        return client.open()
                .fields(List.of(
                        Map.entry(":method", "GET"),
                        Map.entry(":scheme", "https"),
                        Map.entry(":authority", authority),
                        Map.entry(":path", "/")))
                .end()
                .answer();
    }

    @Test
    void aHostOfAnotherCertificateIsElsewhere() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(
                        upstream,
                        Http3.defaults(),
                        listener -> listener.tls(
                                tls -> tls.selfSigned("localhost").certificates(Certificates.selfSigned("other.test"))),
                        builder -> {});
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(get(client, "localhost").status()).isEqualTo(200);
            assertThat(get(client, "LOCALHOST:8443").status())
                    .as("the same host")
                    .isEqualTo(200);

            H3Answer elsewhere = get(client, "other.test");

            assertThat(elsewhere.status()).isEqualTo(421);
            assertThat(elsewhere.value(0, "x-lb4j-reason")).contains("misdirected");
            assertThat(get(client, "OTHER.test.").status()).isEqualTo(421);
            assertThat(get(client, "localhost").status())
                    .as("the connection goes on")
                    .isEqualTo(200);
            assertThat(upstream.requestCount()).isEqualTo(3);
        }
    }
}
