package io.lb4j.plugins.cors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What browsers are told of pages of other origins. */
final class CorsTest {
    private static final String PREFLIGHT = "Access-Control-Request-Method: PUT";

    private static RawResponse preflight(Served served, String origin, String... more) {
        String[] lines = new String[more.length + 1];
        lines[0] = "Origin: " + origin;
        System.arraycopy(more, 0, lines, 1, more.length);
        return served.ask(Served.request("OPTIONS", "/", "", lines));
    }

    private static String first(RawResponse response, String name) {
        return response.headers().first("access-control-" + name).orElse("");
    }

    @Test
    void aPreflightIsAnsweredHere() {
        try (Served served = Served.with(Plugins.cors(c -> c.origins("https://app.example.com")
                .methods("GET", "PUT")
                .headers("content-type", "X-Token")
                .maxAge(Duration.ofHours(1))))) {
            RawResponse response =
                    preflight(served, "https://app.example.com", PREFLIGHT, "Access-Control-Request-Headers: x-token");

            assertThat(response.status()).isEqualTo(204);
            assertThat(first(response, "allow-origin")).isEqualTo("https://app.example.com");
            assertThat(first(response, "allow-methods")).isEqualTo("GET, PUT");
            assertThat(first(response, "allow-headers")).isEqualTo("content-type, x-token");
            assertThat(first(response, "max-age")).isEqualTo("3600");
            assertThat(first(response, "allow-credentials")).isEmpty();
            assertThat(vary(response))
                    .contains("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers");
            assertThat(served.upstream().requestCount()).isZero();
        }
    }

    private static List<String> vary(RawResponse response) {
        return List.of(String.join(",", response.headers().all("vary")).split("\\s*,\\s*"));
    }

    @Test
    void otherOriginsGetNoAnswerThatABrowserWouldTakeForConsent() {
        try (Served served = Served.with(Plugins.cors(c -> c.origins("https://app.example.com")))) {
            RawResponse preflight = preflight(served, "https://evil.example", PREFLIGHT);
            assertThat(preflight.status()).isEqualTo(403);
            assertThat(first(preflight, "allow-origin")).isEmpty();
            RawResponse actual = served.get("/", "Origin: https://evil.example");
            assertThat(actual.status()).isEqualTo(200);
            assertThat(first(actual, "allow-origin")).isEmpty();
            assertThat(vary(actual)).contains("Origin");
            RawResponse two = served.get("/", "Origin: https://app.example.com", "Origin: https://evil.example");
            assertThat(first(two, "allow-origin")).isEmpty();
        }
    }

    @Test
    void responsesSayItOnceWhateverTheEndpointSays() {
        try (Served served = Served.with(
                script -> script.onAny()
                        .answer(Answer.status(200)
                                .header("Access-Control-Allow-Origin", "*")
                                .header("Access-Control-Allow-Credentials", "true")
                                .header("Vary", "accept-encoding, origin")),
                Plugins.cors(c -> c.origins("https://app.example.com").expose("x-total")))) {
            RawResponse response = served.get("/", "Origin: https://app.example.com");
            assertThat(response.headers().all("access-control-allow-origin"))
                    .containsExactly("https://app.example.com");
            assertThat(first(response, "allow-credentials")).isEmpty();
            assertThat(first(response, "expose-headers")).isEqualTo("x-total");
            assertThat(response.headers().all("vary")).containsExactly("accept-encoding, origin");
            assertThat(first(served.get("/"), "allow-origin")).isEmpty();
        }
    }

    @Test
    void withCredentialsNothingIsAWildcard() {
        try (Served served = Served.with(Plugins.cors(c ->
                c.origins("https://app.example.com").methods("*").headers("*").credentials()))) {
            RawResponse response = preflight(
                    served,
                    "https://app.example.com",
                    PREFLIGHT,
                    "Access-Control-Request-Headers: authorization, x-token");
            assertThat(first(response, "allow-credentials")).isEqualTo("true");
            assertThat(first(response, "allow-methods")).isEqualTo("PUT");
            assertThat(first(response, "allow-headers")).isEqualTo("authorization, x-token");
            assertThat(first(
                            preflight(
                                    served,
                                    "https://app.example.com",
                                    PREFLIGHT,
                                    "Access-Control-Request-Headers: a b, <x>"),
                            "allow-headers"))
                    .isEmpty();
        }
    }

    @Test
    void anyOriginIsAWildcardThatCachesMayKeep() {
        try (Served served = Served.with(Plugins.cors(c -> c.origins("*")))) {
            RawResponse response = served.get("/", "Origin: null");
            assertThat(first(response, "allow-origin")).isEqualTo("*");
            assertThat(response.headers().contains("vary")).isFalse();
            // A browser may keep this for a page that names its origin: there is no Vary to keep it from that.
            assertThat(first(served.get("/"), "allow-origin")).isEqualTo("*");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example.com, true",
        "https://b.a.example.com, true",
        "https://example.com, false",
        "http://a.example.com, false",
        "https://a.example.com:8443, false",
        "https://a.example.com.evil.org, false",
        "https://evil.org/.example.com, false",
        "https://evil.org#.example.com, false",
        "https://user@.example.com, false",
        "https://.example.com, false",
        "https://aexample.com, false",
        "null, false",
    })
    void subdomainsAreWholeLabels(String origin, boolean covered) {
        assertThat(OriginPattern.of("https://*.Example.com").covers(origin)).isEqualTo(covered);
        assertThat(OriginPattern.of("https://*.example.com").covers("https://" + "a.".repeat(30_000) + "example.com"))
                .isFalse();
    }

    @Test
    void requestsOfOtherOriginsAreRefusedWhereThatIsWanted() {
        try (Served served = Served.with(
                Plugins.cors(c -> c.origins("https://app.example.com").reject()))) {
            assertThat(served.get("/", "Origin: https://evil.example").status()).isEqualTo(403);
            assertThat(served.get("/", "Origin: null").status()).isEqualTo(403);
            assertThat(served.get("/", "Origin: https://app.example.com").status())
                    .isEqualTo(200);
            assertThat(served.get("/", "Origin: http://a.example").status()).isEqualTo(200); // its own
            assertThat(served.get("/").status()).isEqualTo(200);
            assertThat(served.get(
                                    "/",
                                    "Origin: https://evil.example",
                                    "Connection: upgrade",
                                    "Upgrade: websocket",
                                    "Sec-WebSocket-Version: 13",
                                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aSiteBehindATrustedProxyThatEndsTlsIsItsOwn() {
        try (Served served = Served.with(
                Plugins.cors(c -> c.origins("https://app.example.com").reject()))) {
            String proto = "X-Forwarded-Proto: https";
            assertThat(served.post("x", "Origin: https://a.example", proto).status())
                    .isEqualTo(200);
            assertThat(served.post("x", "Origin: https://a.example", "X-Forwarded-Proto: https, http")
                            .status())
                    .isEqualTo(200);
            String host = "X-Forwarded-Host: Site.example";
            assertThat(served.post("x", "Origin: https://site.example", proto, host)
                            .status())
                    .isEqualTo(200);
            assertThat(served.post("x", "Origin: https://a.example", proto, host)
                            .status())
                    .isEqualTo(403);
            assertThat(served.post("x", "Origin: http://a.example", proto).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void whatStrangersTellOfTheirSchemeCountsForNothing() {
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.listener("open", listener -> listener.port(0))
                        .plugin(Plugins.cors(
                                c -> c.origins("https://app.example.com").reject())))) {
            try (RawClient client =
                    RawClient.connect(served.balancer().address("open").getPort())) {
                assertThat(client.send(Served.request(
                                        "POST", "/", "x", "Origin: https://a.example", "X-Forwarded-Proto: https"))
                                .readResponse()
                                .status())
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void optionsThatAreNoPreflightReachTheEndpoint() {
        try (Served served = Served.with(Plugins.cors(c -> c.origins("*")))) {
            assertThat(served.ask(Served.request("OPTIONS", "/", "", "Origin: https://a.example"))
                            .text())
                    .isEqualTo("hello");
        }
    }

    @Test
    void whatWouldOpenEverythingIsRefused() {
        assertThatThrownBy(() -> Plugins.cors(c -> c.origins("*").credentials().expose("*")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cors.origins")
                .hasMessageContaining("cors.expose");
        assertThatThrownBy(() -> Plugins.cors(
                        c -> c.origins("https://a.example/", "a.example", "https://a.example:443", "https://*")))
                .hasMessageContaining("cors.origins[0]")
                .hasMessageContaining("cors.origins[1]")
                .hasMessageContaining("cors.origins[2]")
                .hasMessageContaining("cors.origins[3]");
    }
}
