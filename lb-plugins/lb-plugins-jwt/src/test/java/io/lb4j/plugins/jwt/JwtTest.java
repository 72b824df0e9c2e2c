package io.lb4j.plugins.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.PluginPage;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens, issued by code that shares nothing with the plugin's library. */
final class JwtTest {
    private static final Issuer RSA = Issuer.rsa("r1", 2048);
    private static final Issuer EC = Issuer.ec("e1");
    private static final Issuer STRANGER = Issuer.rsa("r1", 2048);

    @TempDir
    Path folder;

    private static String claims(String more) {
        long now = Instant.now().getEpochSecond();
        return String.format(
                        Locale.ROOT, "{\"sub\":\"ann\",\"iss\":\"us\",\"aud\":[\"api\",\"x\"],\"exp\":%d", now + 300)
                + more
                + "}";
    }

    private Served served(Consumer<JwtBuilder> description) throws IOException {
        Path file = Files.writeString(folder.resolve("jwks.json"), Issuer.jwks(RSA, EC));
        return Served.with(Jwt.plugin(jwt -> {
            jwt.jwksFile(file).issuer("us").audience("api", "web");
            description.accept(jwt);
        }));
    }

    private static RawResponse ask(Served served, String token) {
        return served.get("/", "Authorization: Bearer " + token);
    }

    private static int status(Served served, String token) {
        return ask(served, token).status();
    }

    @Test
    void aTokenLetsInAndTellsTheEndpointWhoItIs() throws IOException {
        try (Served served = served(jwt -> jwt.claimField("x-tenant", "tenant").claimField("x-groups", "groups"))) {
            String token = RSA.token(claims(",\"tenant\":\"t1\",\"groups\":[\"a\",\"b\"],\"nothing\":null"));
            RawResponse response = served.get(
                    "/",
                    "Authorization: Bearer " + token,
                    "X-Tenant: forged",
                    "X_Groups: forged",
                    "X-Authenticated-User: root");
            assertThat(response.status()).isEqualTo(200);
            assertThat(served.seen().headers().all("x-authenticated-user")).containsExactly("ann");
            assertThat(served.seen().headers().all("x-tenant")).containsExactly("t1");
            assertThat(served.seen().headers().all("x-groups")).containsExactly("a,b");
            assertThat(served.seen().headers().contains("x_groups")).isFalse();
            assertThat(served.seen().headers().first("authorization")).contains("Bearer " + token);
            assertThat(status(served, EC.token(claims("")))).isEqualTo(200);
            assertThat(status(served, EC.token("{\"alg\":\"ES256\"}", claims(""))))
                    .isEqualTo(200);
        }
    }

    @Test
    void whatOneIssuersPluginHasToldTheNextOnesDoesNotTakeAway() throws IOException {
        Path ours = Files.writeString(folder.resolve("ours.json"), Issuer.jwks(RSA));
        Path theirs = Files.writeString(folder.resolve("theirs.json"), Issuer.jwks(STRANGER));
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(
                                Jwt.plugin(jwt -> jwt.jwksFile(ours).claimField("x-tenant", "tenant")),
                                use -> use.name("ours").priority(501))
                        .plugin(
                                Jwt.plugin(jwt -> jwt.jwksFile(theirs)
                                        .claimField("x-tenant", "tenant")
                                        .claimField("x-other", "other")),
                                use -> use.name("theirs")))) {
            String token = RSA.token(claims(",\"tenant\":\"t1\""));
            served.get("/", "Authorization: Bearer " + token, "X-Tenant: forged", "X-Other: forged");
            assertThat(served.seen().headers().all("x-tenant")).containsExactly("t1");
            assertThat(served.seen().headers().contains("x-other")).isFalse();
        }
    }

    @Test
    void endpointsDoNotSeeATokenThatWasNotNeededToLetTheClientIn() throws IOException {
        Path file = Files.writeString(folder.resolve("jwks.json"), Issuer.jwks(RSA));
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(
                                Plugins.apiKey(a -> a.client("billing", "k-0123456789abcdef")
                                        .field("authorization")
                                        .forward(true)
                                        .optional()),
                                use -> use.priority(501))
                        .plugin(
                                Plugins.apiKey(a -> a.client("shipping", "k-fedcba9876543210")
                                        .optional()),
                                use -> use.name("field").priority(501))
                        .plugin(Jwt.plugin(
                                jwt -> jwt.jwksFile(file).forward(false).cookie("token"))))) {
            String token = RSA.token(claims(""));
            served.get("/", "X-API-Key: k-fedcba9876543210", "Cookie: a=b; token=" + token);
            assertThat(served.seen().headers().all("cookie")).containsExactly("a=b");
            served.get("/", "Authorization: Bearer k-0123456789abcdef");
            assertThat(served.seen().headers().all("authorization"))
                    .as("a key, which is to be forwarded")
                    .containsExactly("Bearer k-0123456789abcdef");
        }
    }

    @Test
    void aKeyOfEd25519IsTakenWhereItsAlgorithmIs() throws IOException {
        Issuer ours = Issuer.ed("d1");
        Path file = Files.writeString(folder.resolve("ed.json"), Issuer.jwks(ours, RSA));
        try (Served served = Served.with(Jwt.plugin(jwt -> jwt.jwksFile(file).algorithms(Algorithm.EDDSA)))) {
            String right = ours.token(claims(""));
            assertThat(status(served, right)).isEqualTo(200);
            assertThat(status(served, right.substring(0, right.length() - 20))).isEqualTo(401);
            assertThat(status(served, Issuer.ed("d1").token(claims("")))).isEqualTo(401);
            assertThat(status(served, RSA.token(claims("")))).as("not pinned").isEqualTo(401);
            assertThat(status(served, ours.token("{\"alg\":\"RS256\",\"kid\":\"d1\"}", claims(""))))
                    .isEqualTo(401);
        }
        try (Served served = Served.with(Jwt.plugin(jwt -> jwt.jwksFile(file)))) {
            assertThat(status(served, ours.token(claims(""))))
                    .as("not by default")
                    .isEqualTo(401);
        }
    }

    @Test
    void whatIsNotSignedByUsIsRefused() throws IOException {
        try (Served served = served(jwt -> {})) {
            String right = RSA.token(claims(""));
            assertThat(status(served, right)).isEqualTo(200);
            String[] parts = right.split("\\.", -1);
            String other = Issuer.base64(claims("").replace("ann", "eve").getBytes(StandardCharsets.UTF_8));
            assertThat(status(served, parts[0] + "." + other + "." + parts[2])).isEqualTo(401);
            assertThat(status(served, STRANGER.token(claims("")))).isEqualTo(401);
            assertThat(status(served, Issuer.unsigned(claims("")))).isEqualTo(401);
            assertThat(status(served, Issuer.hmac(RSA.publicOctets(), claims(""))))
                    .isEqualTo(401);
            assertThat(status(served, RSA.token("{\"alg\":\"RS512\",\"kid\":\"r1\"}", claims(""))))
                    .isEqualTo(401);
            assertThat(status(served, RSA.token("{\"alg\":\"RS256\",\"kid\":\"e1\"}", claims(""))))
                    .isEqualTo(401);
            assertThat(status(served, RSA.token("{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}", claims(""))))
                    .isEqualTo(401);
            assertThat(status(served, RSA.token("{\"alg\":\"RS256\",\"typ\":\"dpop+jwt\"}", claims(""))))
                    .isEqualTo(401);
            for (String type : new String[] {"JWT", "jwt", "application/jwt", "at+jwt", "application/at+JWT"}) {
                assertThat(status(served, RSA.token("{\"alg\":\"RS256\",\"typ\":\"" + type + "\"}", claims(""))))
                        .as(type)
                        .isEqualTo(200);
            }
            String own = Issuer.jwks(STRANGER).substring(9).replace("]}", "");
            assertThat(status(served, STRANGER.token("{\"alg\":\"RS256\",\"jwk\":" + own + "}", claims(""))))
                    .isEqualTo(401);
            for (String odd : new String[] {"", "a", "..", "a.b.c", right + ".x", "x".repeat(20_000)}) {
                RawResponse response = ask(served, odd);
                assertThat(response.status()).as(odd).isEqualTo(401);
                assertThat(response.headers().first("www-authenticate").orElseThrow())
                        .startsWith("Bearer");
            }
        }
    }

    @Test
    void whatIsNotForUsOrNotNowIsRefused() throws IOException {
        try (Served served = served(jwt -> jwt.clockSkew(Duration.ofSeconds(30)))) {
            long now = Instant.now().getEpochSecond();
            String base = "{\"sub\":\"ann\",\"iss\":\"us\",\"aud\":\"web\"";
            assertThat(status(served, RSA.token(base + ",\"exp\":" + (now - 10) + "}")))
                    .isEqualTo(200);
            assertThat(status(served, RSA.token(base + ",\"exp\":" + (now - 60) + "}")))
                    .isEqualTo(401);
            assertThat(status(served, RSA.token(base + "}"))).isEqualTo(401);
            assertThat(status(served, RSA.token(claims(",\"nbf\":" + (now + 10)))))
                    .isEqualTo(200);
            assertThat(status(served, RSA.token(claims(",\"nbf\":" + (now + 600)))))
                    .isEqualTo(401);
            assertThat(status(served, RSA.token(claims("").replace("\"us\"", "\"them\""))))
                    .isEqualTo(401);
            assertThat(status(served, RSA.token(claims("").replace("\"api\"", "\"y\""))))
                    .isEqualTo(401);
            assertThat(status(served, RSA.token(claims("").replace("\"ann\"", "\"a\\nb\""))))
                    .isEqualTo(401);
            assertThat(status(served, RSA.token(claims("").replace("\"sub\":\"ann\",", ""))))
                    .isEqualTo(401);
        }
    }

    @Test
    void scopesThatAreMissingForbid() throws IOException {
        try (Served served = served(jwt -> jwt.scopes("read", "write"))) {
            assertThat(status(served, RSA.token(claims(",\"scope\":\"write x read\""))))
                    .isEqualTo(200);
            assertThat(status(served, RSA.token(claims(",\"scp\":[\"read\",\"write\"]"))))
                    .isEqualTo(200);
            RawResponse response = ask(served, RSA.token(claims(",\"scope\":\"read\"")));
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.headers().first("www-authenticate")).contains("Bearer error=\"insufficient_scope\"");
        }
    }

    @Test
    void aTokenComesInOnePlaceOnlyAndMayBeKeptFromTheEndpoint() throws IOException {
        try (Served served = served(jwt -> jwt.cookie("session").forward(false).optional())) {
            String token = RSA.token(claims(""));
            assertThat(served.get("/", "Cookie: a=b; session=" + token + "; c=d")
                            .status())
                    .isEqualTo(200);
            assertThat(served.seen().headers().all("cookie")).containsExactly("a=b; c=d");
            assertThat(status(served, token)).isEqualTo(200);
            assertThat(served.seen().headers().contains("authorization")).isFalse();
            assertThat(served.get("/", "Authorization: Bearer " + token, "Cookie: session=" + token)
                            .status())
                    .isEqualTo(401);
            assertThat(served.get("/", "Authorization: Basic YTpi", "X-Authenticated-User: root")
                            .status())
                    .isEqualTo(200);
            assertThat(served.seen().headers().first("authorization")).contains("Basic YTpi");
            assertThat(served.seen().headers().contains("x-authenticated-user")).isFalse();
        }
    }

    @Test
    void aSecretIsForItsOwnAlgorithmsOnly() {
        String secret = "0123456789abcdef0123456789abcdef";
        try (Served served = Served.with(Jwt.plugin(jwt -> jwt.secret(secret)))) {
            byte[] octets = secret.getBytes(StandardCharsets.UTF_8);
            assertThat(status(served, Issuer.hmac(octets, claims("")))).isEqualTo(200);
            assertThat(status(served, Issuer.hmac(new byte[32], claims("")))).isEqualTo(401);
            assertThat(status(served, RSA.token(claims("")))).isEqualTo(401);
        }
    }

    @Test
    void keysAreFetchedAndRotatedWithoutARestart() {
        Issuer next = Issuer.rsa("r2", 2048);
        try (ScriptedUpstream service =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, Issuer.jwks(RSA)));
                Served served = Served.with(Jwt.plugin(jwt -> jwt.jwks("http://127.0.0.1:" + service.port() + "/jwks")
                        .refresh(Duration.ofHours(1), Duration.ofMillis(1))))) {
            assertThat(status(served, RSA.token(claims("")))).isEqualTo(200);
            assertThat(service.requestCount()).isEqualTo(1);
            service.rescript(script -> script.onAny().answer(200, Issuer.jwks(next)));
            assertThat(status(served, next.token(claims("")))).isEqualTo(200);
            assertThat(status(served, RSA.token(claims("")))).isEqualTo(401);
            service.rescript(script -> script.onAny().answer(500));
            assertThat(status(served, RSA.token(claims("")))).isEqualTo(401);
            assertThat(status(served, next.token(claims("")))).isEqualTo(200);
        }
    }

    @Test
    void keysThatAreUnknownAreNotAskedForWithoutEnd() {
        try (ScriptedUpstream service =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, Issuer.jwks(EC)));
                Served served = Served.with(Jwt.plugin(jwt -> jwt.jwks("http://127.0.0.1:" + service.port() + "/jwks")
                        .refresh(Duration.ofHours(1), Duration.ofMinutes(10))))) {
            for (int i = 0; i < 20; i++) {
                assertThat(status(served, RSA.token("{\"alg\":\"RS256\",\"kid\":\"k" + i + "\"}", claims(""))))
                        .isEqualTo(401);
            }
            assertThat(service.requestCount()).isEqualTo(1);
        }
    }

    @Test
    void aServiceThatIsAwayAtTheStartIsAskedAgain() {
        try (ScriptedUpstream service =
                        ScriptedUpstream.start(script -> script.onAny().answer(503));
                Served served = Served.with(Jwt.plugin(jwt -> jwt.jwks("http://127.0.0.1:" + service.port() + "/jwks")
                        .refresh(Duration.ofHours(1), Duration.ofMillis(1))))) {
            RawResponse response = ask(served, RSA.token(claims("")));
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.headers().contains("retry-after")).isTrue();
            service.rescript(script -> script.onAny().answer(200, Issuer.jwks(RSA)));
            assertThat(status(served, RSA.token(claims("")))).isEqualTo(200);
        }
    }

    @Test
    void thatKeysCannotBeFetchedIsSaidOfThePluginUntilTheyCan() {
        try (ScriptedUpstream service =
                        ScriptedUpstream.start(script -> script.onAny().answer(503));
                Served served = Served.with(Jwt.plugin(jwt -> jwt.jwks("http://127.0.0.1:" + service.port() + "/jwks")
                        .refresh(Duration.ofHours(1), Duration.ofMillis(1))))) {
            PluginStatistics away = plugin(served);
            assertThat(away.isDegraded()).isTrue();
            assertThat(Objects.requireNonNull(away.dependencies().get("keys")).trouble())
                    .hasValueSatisfying(trouble -> assertThat(trouble)
                            .startsWith("there are no keys: ")
                            .contains("503"));
            service.rescript(script -> script.onAny().answer(200, Issuer.jwks(RSA)));
            await().atMost(Duration.ofSeconds(60)).until(() -> !plugin(served).isDegraded());
        }
    }

    private static PluginStatistics plugin(Served served) {
        return Objects.requireNonNull(served.balancer().stats().plugins().get("plugins.jwt"));
    }

    @Test
    void aFileOfKeysIsFollowed() throws IOException {
        try (Served served = served(jwt -> {})) {
            assertThat(status(served, RSA.token(claims("")))).isEqualTo(200);
            Path file = Files.writeString(folder.resolve("jwks.json"), Issuer.jwks(STRANGER));
            Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
            await().atMost(Duration.ofSeconds(60)).until(() -> status(served, STRANGER.token(claims(""))) == 200);
            assertThat(status(served, RSA.token(claims("")))).isEqualTo(401);
        }
    }

    @Test
    void aClaimMayBeWhatRequestsAreCountedBy() throws IOException {
        Path file = Files.writeString(folder.resolve("keys.json"), Issuer.jwks(RSA));
        try (Served served = Served.with(
                Jwt.plugin(jwt -> jwt.jwksFile(file)),
                Plugins.rateLimit(limit -> limit.requestsPerMinute(1).by("claim:tenant")))) {
            assertThat(status(served, RSA.token(claims(",\"tenant\":\"a\"")))).isEqualTo(200);
            assertThat(status(served, RSA.token(claims(",\"tenant\":\"a\",\"n\":1"))))
                    .isEqualTo(429);
            assertThat(status(served, RSA.token(claims(",\"tenant\":\"b\"")))).isEqualTo(200);
        }
    }

    @Test
    void faultsNameTheirPlaceAndNoSecret() throws IOException {
        assertThatThrownBy(() -> Jwt.plugin(
                        jwt -> jwt.jwks("http://id.example.com/jwks").algorithms(Algorithm.RS256, Algorithm.HS256)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("jwt.jwks")
                .hasMessageContaining("jwt.algorithms");
        assertThatThrownBy(() -> Jwt.plugin(jwt -> jwt.secret("too short")))
                .hasMessageContaining("jwt.secret")
                .message()
                .doesNotContain("too short");
        assertThatThrownBy(() -> Jwt.plugin(jwt -> {})).hasMessageContaining("exactly one of jwks, jwks_file, secret");
        Path weak = Files.writeString(folder.resolve("weak"), Issuer.jwks(Issuer.rsa("w", 1024)));
        assertThatThrownBy(() -> Served.with(Jwt.plugin(jwt -> jwt.jwksFile(weak))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no RSA, EC or Ed25519 key");
        PluginPage.requireChapter(new JwtFactory());
        PluginPage.requireExamples(folder, "import io.lb4j.plugins.jwt.Jwt;", "jwt");
    }
}
