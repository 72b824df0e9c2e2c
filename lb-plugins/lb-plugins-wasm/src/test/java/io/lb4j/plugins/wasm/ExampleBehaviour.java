package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import io.lb4j.config.ConfigurationException;
import io.lb4j.testkit.http.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the example plugins do, wherever their modules come from: one in Rust, one in C, one in AssemblyScript. */
abstract class ExampleBehaviour {
    private static final String SECRET = "a secret of more than thirty-two octets";

    /** Returns the module of an example, or has the test skipped. */
    abstract byte[] module(String name) throws IOException;

    private ProbeHost host(String name, Consumer<? super WasmBuilder> description) throws IOException {
        return ProbeHost.of(module(name), description, use -> use.name(name));
    }

    private static String token(String secret, String head, String claims) throws GeneralSecurityException {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String signed = base64.encodeToString(head.getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return signed + "." + base64.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
    }

    private static String claims(long seconds) {
        return "{\"sub\":\"ann\",\"exp\":" + (Instant.now().getEpochSecond() + seconds) + "}";
    }

    @Test
    void customAuthLetsInWhoeverHasAToken() throws IOException, GeneralSecurityException {
        String head = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
        try (ProbeHost host = host("custom-auth", wasm -> wasm.config(Map.of("jwt_secret", SECRET)))) {
            RawResponse refused = host.served().get("/");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.headers().first("www-authenticate")).contains("Bearer");
            assertThat(status(host, token(SECRET, head, claims(300)))).isEqualTo(200);
            assertThat(host.seen("x-authenticated-user")).isEqualTo("ann");
            assertThat(status(host, token("another secret", head, claims(300)))).isEqualTo(401);
            assertThat(status(host, token(SECRET, head, claims(-300)))).isEqualTo(401);
            assertThat(status(host, token(SECRET, "{\"alg\":\"none\"}", claims(300))))
                    .isEqualTo(401);
            assertThat(status(host, "no.token.")).isEqualTo(401);
            assertThat(status(host, "")).isEqualTo(401);
        }
    }

    private static int status(ProbeHost host, String token) {
        return host.served()
                .get("/", "Authorization: Bearer " + token, "X-Authenticated-User: root")
                .status();
    }

    @Test
    void customAuthTakesTokensInAFieldOfItsOwn() throws IOException {
        try (ProbeHost host = host(
                "custom-auth",
                wasm -> wasm.config(Map.of("token_header", "X-Token", "tokens", List.of("t0k3n", "other"))))) {
            assertThat(host.served().get("/", "X-Token: t0k3n").status()).isEqualTo(200);
            assertThat(host.served().get("/", "X-Token: wrong").status()).isEqualTo(401);
        }
        assertThatThrownBy(() -> host("custom-auth", wasm -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("proxy_on_configure: false");
    }

    @Test
    void rateLimiterLetsThroughABurst() throws IOException {
        try (ProbeHost host =
                host("rate-limiter", wasm -> wasm.config(Map.of("requests_per_minute", 1, "burst_size", 3)))) {
            for (int i = 0; i < 3; i++) {
                assertThat(host.served().get("/").status()).isEqualTo(200);
            }
            RawResponse limited = host.served().get("/");
            assertThat(limited.status()).isEqualTo(429);
            assertThat(limited.headers().first("retry-after")).contains("1");
        }
        assertThatThrownBy(() -> host("rate-limiter", wasm -> wasm.config(Map.of("requests_per_minute", 0))))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void rateLimiterTellsClientsBehindATrustedProxyApart() throws IOException {
        try (ProbeHost host =
                host("rate-limiter", wasm -> wasm.config(Map.of("requests_per_minute", 1, "burst_size", 1)))) {
            assertThat(host.served().get("/", "X-Forwarded-For: 192.0.2.1").status())
                    .isEqualTo(200);
            assertThat(host.served().get("/", "X-Forwarded-For: 192.0.2.2").status())
                    .isEqualTo(200);
            assertThat(host.served().get("/", "X-Forwarded-For: 192.0.2.1").status())
                    .isEqualTo(429);
            assertThat(host.served()
                            .get("/", "X-Forwarded-For: 192.0.2.3, 192.0.2.2")
                            .status())
                    .as("what a client says of itself")
                    .isEqualTo(429);
        }
    }

    @Test
    void requestLoggerWritesALineForEachExchange() throws IOException {
        try (GuestLog log = GuestLog.of("request-logger");
                ProbeHost host = host("request-logger", wasm -> wasm.config(Map.of("headers", List.of("x-tenant"))))) {
            assertThat(host.served().get("/path?secret=1", "X-Tenant: t1").status())
                    .isEqualTo(200);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(log.lines())
                            .anySatisfy(line -> assertThat(line.getFormattedMessage())
                                    .matches(".*GET /path x-tenant=t1 200 5 octets [0-9]+ µs")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"custom-auth", "rate-limiter", "request-logger"})
    void eachEndsWithoutAFault(String name) throws IOException {
        try (GuestLog log = GuestLog.of(name)) {
            try (ProbeHost host = host(name, wasm -> wasm.config(Map.of("jwt_secret", SECRET)))) {
                host.served().get("/");
            }
            assertThat(log.lines()).noneMatch(line -> line.getLevel().isGreaterOrEqual(Level.WARN));
        }
    }
}
