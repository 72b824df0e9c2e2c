package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.tls.ClientTls;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.kwik.flupke.Http3Client;

/** What HTTP/3 counts is wherever figures are: in the statistics, in the process' health, at Prometheus and in what is pushed; with traffic of a client of HTTP/3. */
final class Http3FiguresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int REQUESTS = 3;

    @TempDir
    Path folder;

    private ScriptedUpstream upstream;
    private ScriptedUpstream receiver;
    private Server server;
    private AdminDeskClient admin;

    @BeforeEach
    void serve() throws Exception {
        upstream = ScriptedUpstream.start(script -> script.onAny().answer(200, "ok"));
        receiver = ScriptedUpstream.start(
                script -> script.keepBodies(1 << 20).onAny().answer(200, "{}"));
        Path file = Files.writeString(folder.resolve("lb4j.yaml"), """
                admin: {port: 0}
                listeners:
                  main: {port: 0, tls: {self_signed: [localhost]}, transports: [h3]}
                clusters: {api: {endpoints: ["127.0.0.1:%d"]}}
                routes: [{name: all, path: /**, cluster: api}]
                plugins:
                  metrics: {use: metrics}
                  push: {use: {type: metrics_push, url: "http://127.0.0.1:%d/v1/metrics", interval: 100ms}}
                """.formatted(upstream.port(), receiver.port()));
        server = Server.start(ConfigurationFile.at(file));
        admin = new AdminDeskClient(server.admin().orElseThrow().port());
        HttpClient client = Http3Client.newBuilder().disableCertificateCheck().build();
        URI uri = URI.create("https://localhost:" + server.balancer().port() + "/");
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("ok");
        }
    }

    @AfterEach
    void end() {
        server.close();
        receiver.close();
        upstream.close();
    }

    @Test
    void theStatisticsHaveThem() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode listener = admin.json("/stats").at("/listeners/main");
            JsonNode figures = listener.at("/transports/h3/figures");
            assertThat(figures.path("streams").asLong()).isEqualTo(REQUESTS);
            assertThat(figures.path("connections").asLong()).isPositive();
            assertThat(figures.path("connections_open").asLong()).isPositive();
            assertThat(figures.path("handshakes_open").asLong(-1)).isZero();
            assertThat(figures.path("connections_abusive").asLong(-1)).isZero();
            // These are read once a second.
            assertThat(figures.path("octets_sent").asLong()).isPositive();
            assertThat(figures.path("packets_received").asLong()).isPositive();
            assertThat(figures.path("packets_lost").isNumber()).isTrue();
            assertThat(figures.path("rtt_micros_p50").asLong()).isPositive();
            assertThat(figures.path("congestion_window_p99").asLong()).isPositive();
        });
    }

    @Test
    void howLongRequestsTookIsToldOfEachProtocol() {
        try (RawClient client =
                RawClient.connect(server.balancer().port(), ClientTls.trustAll().serverName("localhost"))) {
            assertThat(client.send("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
                            .readResponse()
                            .text())
                    .isEqualTo("ok");
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode listener = admin.json("/stats").at("/listeners/main");
            JsonNode latencies = listener.path("latencies");
            assertThat(latencies.fieldNames()).toIterable().containsExactlyInAnyOrder("HTTP/1.1", "HTTP/3");
            assertThat(latencies.at("/HTTP~11.1/count").asLong()).isEqualTo(1);
            assertThat(latencies.at("/HTTP~13/count").asLong()).isEqualTo(REQUESTS);
            assertThat(latencies.at("/HTTP~13/p99").asDouble()).isPositive();
            assertThat(listener.at("/traffic/latency/count").asLong()).isEqualTo(REQUESTS + 1);
        });
    }

    @Test
    void theHealthTellsHowTheListenerIs() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode listener = admin.json("/health").at("/components/listener main");
            assertThat(listener.path("status").asText()).isEqualTo("up");
            assertThat(listener.path("connections_open").asLong()).isPositive();
            assertThat(listener.path("requests_active").asLong(-1)).isZero();
            JsonNode http3 = listener.at("/transports/h3");
            assertThat(http3.path("status").asText()).isEqualTo("up");
            assertThat(http3.path("connections_open").asLong()).isPositive();
            assertThat(http3.path("handshakes_open").asLong(-1)).isZero();
            assertThat(http3.path("streams_open").asLong(-1)).isZero();
        });
    }

    @Test
    void prometheusIsToldToo() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(admin.get("/metrics").text())
                        .contains(
                                "lb4j_transport_healthy{listener=\"main\",transport=\"h3\"} 1",
                                "lb4j_transport_figure{figure=\"streams\",listener=\"main\",transport=\"h3\"} "
                                        + REQUESTS)
                        .contains("figure=\"connections_abusive_resets\"")
                        .containsPattern("lb4j_requests_seconds_count\\{.*protocol=\"HTTP/3\".*} " + REQUESTS));
    }

    @Test
    void whatIsPushedHasThem() {
        await().atMost(PATIENCE)
                .until(() -> receiver.requests().stream()
                        .anyMatch(request -> request.awaitComplete()
                                .body()
                                .text()
                                .contains("{\"key\":\"figure\",\"value\":{\"stringValue\":\"connections_open\"}}")));
    }
}
