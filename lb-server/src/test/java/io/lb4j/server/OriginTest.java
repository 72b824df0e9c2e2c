package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.server.Pebble;
import io.lb4j.testkit.server.PebbleSettings;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.kwik.flupke.Http3Client;

/** The sections that users of the load balancer before this one have in their files serve as they stand there. */
final class OriginTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path MODULES = Path.of("../examples/wasm");
    private static final String SECTIONS = OriginSections.HTTP3 + OriginSections.LETS_ENCRYPT + OriginSections.PLUGINS;
    private static final String LOGGER = """
                - name: "request-logger"
                  path: "./plugins/logger.wasm"
                  priority: 80
                  config:
                    level: "info"
            """;

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void writeWhatTheSectionsName() throws IOException {
        folder = temporary.resolve("conf");
        Files.createDirectories(folder.resolve("certs"));
        Files.createDirectories(folder.resolve("plugins"));
        TestCertificates.create().server("localhost").writePem(folder.resolve("certs"), "server");
        Files.copy(MODULES.resolve("custom-auth.wasm"), folder.resolve("plugins/auth.wasm"));
        Files.copy(MODULES.resolve("rate-limiter.wasm"), folder.resolve("plugins/ratelimit.wasm"));
        Files.copy(MODULES.resolve("request-logger.wasm"), folder.resolve("plugins/logger.wasm"));
    }

    @Test
    void theSectionsAreWithoutFaultsAsTheyStand() {
        assertThat(new ConfigFolder(folder).file("lb4j.yaml", SECTIONS + """
                listeners: {main: {port: 80}}
                clusters: {api: {endpoints: ["127.0.0.1:9001"]}}
                routes: [{path: /**, cluster: api}]
                """).faultsOf("lb4j.yaml"))
                .isEmpty();
    }

    /** Port 443 is not for every process, and Let's Encrypt does not know this one. */
    private Path file(ScriptedUpstream upstream, int http3, int plain, Pebble pebble) throws IOException {
        pebble.authority().writePem(folder.resolve("pebble.pem"));
        String sections = SECTIONS.replace("port: 443", "port: " + http3)
                .replace("  test_mode: false\n", """
                          test_mode: false
                          authorities: [{directory: "%s", ca_certificates: pebble.pem}]
                        """.formatted(pebble.directory()));
        return Files.writeString(
                folder.resolve("lb4j.yaml"), sections + LOGGER + """
                listeners:
                  main: {port: %d}
                  secure: {port: 0, tls: {}}
                clusters: {api: {endpoints: ["127.0.0.1:%d"]}}
                routes: [{path: /**, cluster: api}]
                """.formatted(plain, upstream.port()));
    }

    @Test
    void theSectionsServe() throws Exception {
        try (ReservedPort http3 = ReservedPort.any();
                ReservedPort plain = ReservedPort.any();
                Pebble pebble = Pebble.start(PebbleSettings.defaults().httpPort(plain.port()));
                ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "hello"));
                Server server =
                        Server.start(ConfigurationFile.at(file(upstream, http3.port(), plain.port(), pebble)))) {
            HttpClient client =
                    Http3Client.newBuilder().disableCertificateCheck().build();
            URI site = URI.create("https://localhost:" + http3.port());

            assertThat(ask(client, site.resolve("/"), "")).isEqualTo(200);
            assertThat(ask(client, site.resolve("/api/v1/things"), "")).isEqualTo(401);
            assertThat(ask(client, site.resolve("/api/v1/things"), token("guessed")))
                    .isEqualTo(401);
            assertThat(ask(client, site.resolve("/api/v1/things"), token("secret")))
                    .isEqualTo(200);
            assertThat(upstream.requests().get(1).headers().first("x-authenticated-user"))
                    .contains("ann");
            assertThat(Stream.generate(() -> ask(client, site.resolve("/"), "")).limit(40))
                    .as("ten at once are let through")
                    .contains(200, 429);
            assertThat(Objects.requireNonNull(
                                    server.balancer().stats().plugins().get("plugins.request-logger"))
                            .calls())
                    .isPositive();
            assertThat(server.balancer().stats().plugins().values())
                    .allSatisfy(plugin -> assertThat(plugin.errors()).isZero());

            int secure = server.balancer().address("secure").getPort();
            for (String name : new String[] {"api.example.com", "lb.example.com"}) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(issuer(secure, name)).startsWith("CN=Pebble Intermediate"));
            }
            try (Stream<Path> kept = Files.walk(folder.resolve("certs"))) {
                assertThat(kept.filter(Files::isRegularFile)).hasSizeGreaterThan(2);
            }
        }
    }

    private static int ask(HttpClient client, URI target, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target);
        if (!token.isEmpty()) {
            request.header("authorization", "Bearer " + token);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String token(String secret) throws GeneralSecurityException {
        String signed = base64url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64url(("{\"sub\":\"ann\",\"exp\":"
                                + Instant.now().plusSeconds(600).getEpochSecond() + "}")
                        .getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return signed + "." + base64url(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    private static String base64url(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static String issuer(int port, String name) throws IOException {
        try (SSLSocket socket =
                ClientTls.trustAll().serverName(name).secure(new Socket(InetAddress.getLoopbackAddress(), port))) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getIssuerX500Principal().getName();
        }
    }
}
