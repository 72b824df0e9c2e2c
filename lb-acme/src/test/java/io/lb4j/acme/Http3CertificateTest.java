package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.http3.Http3;
import io.lb4j.http3.Http3Upstream;
import io.lb4j.testkit.http.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/3 serves what has been obtained, to a client that trusts nobody but the authority. */
final class Http3CertificateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** A client over HTTP/3: a balancer whose endpoint is the other. */
    private LoadBalancer client(Site site, int port) throws IOException {
        Path root = Files.writeString(folder.resolve("root.pem"), site.pebble.root(0));
        return LoadBalancer.builder()
                .listener("in", listener -> listener.host("127.0.0.1").port(0))
                .cluster(
                        "far",
                        cluster -> cluster.endpoint("127.0.0.1", port)
                                .tls(tls -> tls.trust(root).serverName("a.test"))
                                .http3(Http3Upstream.defaults())
                                .transportHeadStart(Duration.ofSeconds(10)))
                .route(route -> route.path("/**").to("far"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(2)))
                .start();
    }

    private static void awaitServed(LoadBalancer client) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (RawClient raw = RawClient.connect(client.port())) {
                assertThat(raw.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                                .readResponse()
                                .text())
                        .isEqualTo("served");
            }
        });
    }

    private static long connections(LoadBalancer lb) {
        return Objects.requireNonNull(Objects.requireNonNull(
                        Objects.requireNonNull(lb.stats().listeners().get("quic"))
                                .transports()
                                .get("h3"))
                .figures()
                .get("connections"));
    }

    @Test
    void servesWhatWasObtainedAndWhatReplacesIt() throws Exception {
        try (Site site = new Site(folder)) {
            Acme acme = site.acme().domains("a.test");
            try (LoadBalancer lb = site.balancer(acme)
                    .listener(
                            "quic",
                            listener -> listener.host("127.0.0.1")
                                    .port(0)
                                    .tls(tls -> {})
                                    .http3(Http3.defaults()))
                    .start()) {
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(site.issuerShown("a.test")).startsWith("CN=Pebble"));
                int port = lb.address("quic").getPort();
                try (LoadBalancer client = client(site, port)) {
                    awaitServed(client);
                }
                long before = connections(lb);
                assertThat(before).as("over QUIC").isPositive();

                String serial = acme.standing().get(0).held().orElseThrow().serial();
                acme.revoke("a.test", RevocationReason.SUPERSEDED);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(acme.standing()
                                        .get(0)
                                        .held()
                                        .orElseThrow()
                                        .serial())
                                .isNotEqualTo(serial));
                try (LoadBalancer client = client(site, port)) {
                    awaitServed(client);
                }
                assertThat(connections(lb)).isGreaterThan(before);
            }
        }
    }
}
