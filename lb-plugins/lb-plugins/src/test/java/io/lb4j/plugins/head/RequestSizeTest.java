package io.lb4j.plugins.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.config.Part;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.RawClient;
import org.junit.jupiter.api.Test;

/** How large requests may be. */
final class RequestSizeTest {
    private static Served served(Part plugin) {
        return Served.with(script -> script.onAny().echo(), plugin);
    }

    @Test
    void aBodyAtTheLimitPassesAndOneOctetMoreDoesNot() {
        try (Served served = served(Plugins.requestSize(size -> size.maxBody(10)))) {
            assertThat(served.post("0123456789").text()).isEqualTo("0123456789");
            assertThat(served.post("0123456789a").status()).isEqualTo(413);
            assertThat(served.get("/").status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyWithoutALengthIsCountedAsItComes() {
        try (Served served = served(Plugins.requestSize(size -> size.maxBody(10)))) {
            String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
            assertThat(served.ask(head + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n")
                            .text())
                    .isEqualTo("0123456789");
            try (RawClient client = served.connect()) {
                client.send(head + "5\r\n01234\r\n");
                client.send("6\r\n56789a\r\n");
                assertThat(client.readResponse().status()).isEqualTo(413);
            }
        }
    }

    @Test
    void targetsAndFieldsHaveLimitsOfTheirOwn() {
        try (Served served = served(
                Plugins.requestSize(size -> size.maxTarget(8).maxFieldCount(3).maxFields(200)))) {
            assertThat(served.get("/1234567").status()).isEqualTo(200);
            assertThat(served.get("/1234?678").status()).isEqualTo(414);
            assertThat(served.get("/", "A: 1", "B: 2", "C: 3").status()).isEqualTo(200);
            assertThat(served.get("/", "A: 1", "B: 2", "C: 3", "D: 4").status()).isEqualTo(431);
            assertThat(served.get("/", "A: " + "x".repeat(180)).status()).isEqualTo(431);
        }
    }

    @Test
    void aCallOfGrpcIsRefusedInItsOwnTerms() {
        try (Served served = served(Plugins.requestSize(size -> size.maxBody(10)))) {
            var response = served.post("0123456789a", "Content-Type: application/grpc");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers().first("grpc-status")).contains("8");
            var web = served.post("0123456789a", "Content-Type: application/grpc-web+proto");
            assertThat(web.headers().first("grpc-status")).contains("8");
            assertThat(web.headers().first("content-type")).contains("application/grpc-web+proto");
        }
    }
}
