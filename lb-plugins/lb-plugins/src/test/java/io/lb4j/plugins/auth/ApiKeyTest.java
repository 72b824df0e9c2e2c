package io.lb4j.plugins.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Part;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import org.junit.jupiter.api.Test;

/** Keys that let clients in. */
final class ApiKeyTest {
    private static final String KEY = "k-0123456789abcdef";

    private static Part plugin() {
        return Plugins.apiKey(a -> a.client("billing", KEY));
    }

    @Test
    void aKeyLetsInAndTellsTheEndpointWhoItIs() {
        try (Served served = Served.with(plugin())) {
            assertThat(served.get("/", "X-API-Key: " + KEY).status()).isEqualTo(200);
            RecordedRequest seen = served.seen();
            assertThat(seen.headers().all("x-authenticated-user")).containsExactly("billing");
            assertThat(seen.headers().contains("x-api-key")).isFalse();
        }
    }

    @Test
    void noKeyAWrongOneAndTwoAreRefused() {
        try (Served served = Served.with(plugin())) {
            RawResponse none = served.get("/");
            assertThat(none.status()).isEqualTo(401);
            assertThat(none.headers().contains("www-authenticate")).isTrue();
            assertThat(served.get("/", "X-API-Key: " + KEY + "x").status()).isEqualTo(401);
            assertThat(served.get("/", "X-API-Key: ").status()).isEqualTo(401);
            assertThat(served.get("/", "X-API-Key: " + KEY, "X-API-Key: " + KEY).status())
                    .isEqualTo(401);
            assertThat(served.upstream().requestCount()).isZero();
        }
    }

    @Test
    void whatAClientSaysOfItselfNeverReachesTheEndpoint() {
        try (Served served =
                Served.with(Plugins.apiKey(a -> a.client("billing", KEY).optional()))) {
            String[] forged = {"X-Authenticated-User: root", "x_authenticated_user: root", "X-Authenticated_User: root"
            };
            served.get("/", forged);
            assertThat(served.seen().headers().names())
                    .noneMatch(name -> name.replace('_', '-').equalsIgnoreCase("x-authenticated-user"));
            served.get("/", forged[0], forged[1], "X-API-Key: " + KEY);
            assertThat(served.seen().headers().all("x-authenticated-user")).containsExactly("billing");
            assertThat(served.seen().headers().contains("x_authenticated_user")).isFalse();
            served.ask("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX-API-Key: " + KEY
                    + "\r\n\r\n0\r\nX-Authenticated-User: root\r\nX-Fine: 1\r\n\r\n");
            assertThat(served.seen().awaitComplete().trailers().names())
                    .noneMatch("x-authenticated-user"::equalsIgnoreCase);
        }
    }

    @Test
    void aClientCannotTakeAwayWhatEndpointsAreTold() {
        try (Served served = Served.with(plugin(), Plugins.requestId(id -> {}))) {
            served.get("/", "X-API-Key: " + KEY, "Connection: close, X-Authenticated-User, x-request-id");
            assertThat(served.seen().headers().all("x-authenticated-user")).containsExactly("billing");
            assertThat(served.seen().headers().contains("x-request-id")).isTrue();
        }
    }

    @Test
    void aClientThatIsKnownCannotForgeWhatALaterPluginTells() {
        Part keys = Plugins.apiKey(a -> a.client("billing", KEY).optional());
        Part passwords =
                Plugins.basicAuth(b -> b.user("ann", BasicAuthTest.HASH).identityField("x-user"));
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(keys, use -> use.priority(501)).plugin(passwords))) {
            served.get("/", "X-API-Key: " + KEY, "X-User: root", "x_user: root");
            assertThat(served.seen().headers().all("x-authenticated-user")).containsExactly("billing");
            assertThat(served.seen().headers().names())
                    .noneMatch(name -> name.replace('_', '-').equalsIgnoreCase("x-user"));
        }
    }

    @Test
    void aKeyMayComeInTheQueryHoweverItIsWritten() {
        try (Served served = Served.with(
                Plugins.apiKey(a -> a.client("billing", "k+0123456789/abcdef").query("key")))) {
            assertThat(served.get("/a?x=1&key=k%2B0123456789%2Fabcdef&y=%zz").status())
                    .isEqualTo(200);
            assertThat(served.seen().target()).isEqualTo("/a?x=1&y=%zz");
            assertThat(served.get("/a?%6bey=k%2B0123456789%2fabcdef").status()).isEqualTo(200);
            assertThat(served.seen().target()).isEqualTo("/a");
            assertThat(served.get("/a?key=k%2B0123456789%2Fabcdef&key=").status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aKeyMayBeABearersAndIsForwardedWhereThatIsWanted() {
        try (Served served = Served.with(
                Plugins.apiKey(a -> a.client("billing", KeyDigest.ofSecret(KEY).toString())
                        .field("authorization")
                        .forward(true)
                        .identityField("x-client")))) {
            assertThat(served.get("/", "Authorization: bearer " + KEY).status()).isEqualTo(200);
            assertThat(served.seen().headers().first("authorization")).contains("bearer " + KEY);
            assertThat(served.seen().headers().first("x-client")).contains("billing");
            assertThat(served.get("/", "Authorization: Basic " + KEY).status()).isEqualTo(401);
        }
    }

    @Test
    void aPluginThatComesLaterTakesTheWordOfAnEarlierOne() {
        Part keys = Plugins.apiKey(a -> a.client("billing", KEY).optional());
        Part passwords = Plugins.basicAuth(b -> b.user("ann", BasicAuthTest.HASH));
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(keys, use -> use.priority(501)).plugin(passwords))) {
            assertThat(served.get("/", "X-API-Key: " + KEY).status()).isEqualTo(200);
            assertThat(served.seen().headers().all("x-authenticated-user")).containsExactly("billing");
            assertThat(served.get("/").status()).isEqualTo(401);
            assertThat(served.get("/", "Authorization: " + BasicAuthTest.ANN).status())
                    .isEqualTo(200);
            assertThat(served.seen().headers().all("x-authenticated-user")).containsExactly("ann");
        }
    }

    @Test
    void endpointsDoNotSeeACredentialThatWasNotNeededToLetTheClientIn() {
        Part keys = Plugins.apiKey(a -> a.client("billing", KEY).query("key").optional());
        Part passwords =
                Plugins.basicAuth(b -> b.user("ann", BasicAuthTest.HASH).optional());
        String[] both = {"X-API-Key: " + KEY, "Authorization: " + BasicAuthTest.ANN};
        for (int keysFirst = 0; keysFirst < 2; keysFirst++) {
            int priority = keysFirst * 1000;
            try (Served served = Served.with(
                    script -> script.onAny().answer(200),
                    builder -> builder.plugin(keys, use -> use.priority(priority))
                            .plugin(passwords, use -> use.priority(500)))) {
                assertThat(served.get("/?key=" + KEY, both[0], both[1]).status())
                        .as("two keys")
                        .isEqualTo(keysFirst == 1 ? 401 : 200);
                assertThat(served.get("/", both).status()).isEqualTo(200);
                RecordedRequest seen = served.seen();
                assertThat(seen.headers().all("x-authenticated-user"))
                        .containsExactly(keysFirst == 1 ? "billing" : "ann");
                assertThat(seen.headers().contains("x-api-key")).isFalse();
                assertThat(seen.headers().contains("authorization")).isFalse();
            }
        }
    }

    @Test
    void aBearersTokenOfAnotherPluginStays() {
        Part passwords =
                Plugins.basicAuth(b -> b.user("ann", BasicAuthTest.HASH).optional());
        Part keys = Plugins.apiKey(
                a -> a.client("billing", KEY).field("authorization").optional());
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(passwords, use -> use.priority(501)).plugin(keys))) {
            served.get("/", "Authorization: Bearer " + KEY);
            assertThat(served.seen().headers().contains("authorization")).isFalse();
        }
        Part others = Plugins.apiKey(a -> a.client("shipping", "k-fedcba9876543210")
                .field("authorization")
                .forward(true)
                .optional());
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(others, use -> use.name("others").priority(501))
                        .plugin(keys))) {
            served.get("/", "Authorization: Bearer k-fedcba9876543210");
            assertThat(served.seen().headers().all("authorization")).containsExactly("Bearer k-fedcba9876543210");
        }
    }

    @Test
    void keysAreNeverShown() {
        assertThat(plugin().settings().orElseThrow().toString()).doesNotContain(KEY);
        assertThatThrownBy(() -> Plugins.apiKey(a -> a.client("billing", "short-secret")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("api_key.keys")
                .message()
                .doesNotContain("short-secret");
        assertThatThrownBy(() -> Plugins.apiKey(a -> a.client("a", KEY).client("b", KEY)))
                .hasMessageContaining("a key of its own");
        assertThatThrownBy(() -> Plugins.apiKey(a -> a.client("a\r\nb", KEY)))
                .hasMessageContaining("visible characters");
        assertThatThrownBy(() -> Plugins.apiKey(a -> {})).hasMessageContaining("api_key.keys: missing");
    }
}
