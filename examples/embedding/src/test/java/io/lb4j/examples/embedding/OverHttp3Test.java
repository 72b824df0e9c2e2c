package io.lb4j.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.tls.ClientTls;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tech.kwik.flupke.Http3Client;

/** The example with flupke, a client that shares no code with ours. */
final class OverHttp3Test {
    static {
        // kwik asserts that it knows of each packet that is acknowledged: on the loopback one may be before it has
        // written that down.
        OverHttp3Test.class.getClassLoader().setPackageAssertionStatus("tech.kwik.core", false);
    }

    @Test
    void servesHttp3AndTellsOfItOverTcp() {
        try (Running running = OverHttp3.start(0)) {
            try (RawClient client = RawClient.connect(running.port(), ClientTls.trustAll())) {
                RawResponse told =
                        client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").readResponse();
                assertThat(told.text()).isEqualTo("answered by a server of HTTP/1.1\n");
                assertThat(told.headers().first("alt-svc"))
                        .hasValueSatisfying(field -> assertThat(field).contains("h3=", "ma=3600"));
            }

            // kwik may lose a handshake, or forget to send: another connection then does.
            HttpResponse<String> answer = await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> ask(running.port()), response -> response.statusCode() == 200);
            assertThat(answer.body()).isEqualTo("answered by a server of HTTP/1.1\n");
            assertThat(running.balancer().stats().listeners().values())
                    .allMatch(listener -> listener.transports().containsKey("h3"));
        }
    }

    private static HttpResponse<String> ask(int port) throws Exception {
        return Http3Client.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .disableCertificateCheck()
                .build()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .get(30, TimeUnit.SECONDS);
    }
}
