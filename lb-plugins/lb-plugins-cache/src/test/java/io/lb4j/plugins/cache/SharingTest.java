package io.lb4j.plugins.cache;

import static io.lb4j.plugins.cache.Cached.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.plugins.compression.Coding;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is given what another was given, and who is not. */
final class SharingTest {
    @Test
    void whatVaryNamesTellsResponsesApart() {
        try (Cached cached = Cached.with(answer("max-age=60").header("Vary", "Accept-Language, X-A"))) {
            cached.get("/", "Accept-Language: en, de", "X-A: 1,2");
            assertThat(cached.isHit("/", "Accept-Language: EN,de", "X-A: 1", "X-A: 2"))
                    .isTrue();
            assertThat(cached.isHit("/", "Accept-Language: de, en", "X-A: 1, 2"))
                    .isFalse();
            assertThat(cached.isHit("/", "Accept-Language: en, de")).isFalse();
            assertThat(cached.isHit("/", "Accept-Language: en, de")).isTrue();
            assertThat(cached.isHit("/", "Accept-Language: en,de", "X-A:  1 , 2"))
                    .isTrue();
        }
    }

    @Test
    void theNumberOfVariantsIsBounded() {
        try (Cached cached = Cached.with(answer("max-age=60").header("Vary", "X-A"), cache -> cache.maxVariants(2))) {
            cached.get("/", "X-A: 1");
            cached.get("/", "X-A: 2");
            cached.get("/", "X-A: 3");
            assertThat(cached.isHit("/", "X-A: 3")).isTrue();
            assertThat(cached.isHit("/", "X-A: 2")).isTrue();
            assertThat(cached.isHit("/", "X-A: 1")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "X-A, *", "X-Forwarded-For", "not a name"})
    void whatDependsOnTheClientOrOnAnythingIsNotKept(String vary) {
        try (Cached cached = Cached.with(answer("max-age=60").header("Vary", vary))) {
            cached.get("/");
            assertThat(cached.isHit("/")).isFalse();
        }
    }

    @Test
    void hostPathAndQueryAreTheKey() {
        try (Cached cached = Cached.with(answer("max-age=60"))) {
            cached.get("/a?b=1");
            assertThat(cached.isHit("/a?b=1")).isTrue();
            assertThat(cached.isHit("/a?b=2")).isFalse();
            assertThat(cached.isHit("/A?b=1")).isFalse();
            String other = "GET /a?b=1 HTTP/1.1\r\nHost: B.example\r\n\r\n";
            assertThat(cached.served().ask(other).headers().first("cache-status"))
                    .contains("lb4j; fwd=miss; stored");
            assertThat(cached.served()
                            .ask(other.replace("B.", "b."))
                            .headers()
                            .first("cache-status")
                            .orElse(""))
                    .startsWith("lb4j; hit");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Host: evil.example",
                "X-Forwarded-Proto: gopher",
                "X-Original-URL: /admin",
                "X-HTTP-Method-Override: DELETE",
                "Forwarded: for=1.2.3.4;host=evil.example"
            })
    void aFieldThatChangesWhatAUriMeansCannotBePutBeforeOthers(String line) {
        try (Cached cached = Cached.with(answer("max-age=60"))) {
            cached.get("/", line);
            assertThat(cached.isHit("/")).isFalse();
            assertThat(cached.isHit("/", line)).isTrue();
        }
    }

    @Test
    void anotherFieldOfAProxyDoesNotMakeAnotherKey() {
        try (Cached cached = Cached.with(answer("max-age=60"))) {
            cached.get("/", "X-Forwarded-For: 1.2.3.4", "Forwarded: for=1.2.3.4");
            assertThat(cached.isHit("/", "X-Forwarded-For: 5.6.7.8", "Forwarded: for=5.6.7.8"))
                    .isTrue();
        }
    }

    @Test
    void aGetWithABodyIsNoneOfACache() {
        try (Cached cached = Cached.with(answer("max-age=60"))) {
            assertThat(cached.served()
                            .ask(Served.request("GET", "/", "evil"))
                            .headers()
                            .first("cache-status"))
                    .contains("lb4j; fwd=bypass");
            assertThat(cached.isHit("/")).isFalse();
        }
    }

    @Test
    void routesDoNotShareTheirResponses() {
        try (Cached cached = Cached.with(
                answer("max-age=60"),
                cache -> {},
                builder -> builder.route(
                        "beta", route -> route.path("/**").header("x-beta", "1").to("api")))) {
            cached.get("/", "X-Beta: 1");
            assertThat(cached.isHit("/")).isFalse();
            assertThat(cached.isHit("/", "X-Beta: 1")).isTrue();
        }
    }

    @Test
    void whatSomebodyWithACredentialIsGivenIsForThemUnlessItSaysOtherwise() {
        try (Cached cached = Cached.with(answer("max-age=60"))) {
            cached.get("/", "Authorization: Bearer a");
            assertThat(cached.isHit("/", "Authorization: Bearer a")).isFalse();
            for (String word : new String[] {"public", "must-revalidate", "s-maxage=60"}) {
                cached.answers(answer("max-age=60, " + word));
                cached.get("/" + word, "Authorization: Bearer a");
                assertThat(cached.isHit("/" + word)).as(word).isTrue();
            }
        }
    }

    @Test
    void anIdentityThatAPluginHasFoundOutIsACredential() {
        try (Cached cached = Cached.with(
                answer("max-age=60"),
                cache -> {},
                builder -> builder.plugin(Plugins.apiKey(
                        a -> a.client("ann", "k-0000000000000001").client("bob", "k-0000000000000002"))))) {
            cached.get("/", "X-Api-Key: k-0000000000000001");
            assertThat(cached.seen().headers().contains("x-api-key")).isFalse();
            assertThat(cached.isHit("/", "X-Api-Key: k-0000000000000002")).isFalse();
            assertThat(cached.seen().headers().first("x-authenticated-user")).contains("bob");
            cached.answers(answer("public, max-age=60"));
            cached.get("/open", "X-Api-Key: k-0000000000000001");
            assertThat(cached.isHit("/open", "X-Api-Key: k-0000000000000002")).isTrue();
            assertThat(cached.get("/open").status()).isEqualTo(401);
        }
    }

    @Test
    void aCookieIsNotGivenToOthersUnlessTheResponseIsPublic() {
        Answer cookie = answer("max-age=60").header("Set-Cookie", "id=1");
        try (Cached cached = Cached.with(cookie)) {
            assertThat(cached.get("/").headers().contains("set-cookie")).isTrue();
            assertThat(cached.isHit("/")).isFalse();
            cached.answers(answer("public, max-age=60").header("Set-Cookie", "theme=dark"));
            cached.get("/public");
            assertThat(cached.get("/public").headers().first("set-cookie")).contains("theme=dark");
            assertThat(cached.isHit("/public")).isTrue();
        }
    }

    @Test
    void otherPluginsTreatWhatWasKeptAsTheyTreatWhatComes() {
        try (Cached cached = Cached.with(
                answer("max-age=60").header("X-Secret", "1"),
                cache -> {},
                builder -> builder.plugin(Plugins.headers(
                        h -> h.response(r -> r.remove("x-secret").set("x-seen", "yes")))))) {
            for (int i = 0; i < 2; i++) {
                assertThat(cached.get("/").headers().first("x-seen")).contains("yes");
                assertThat(cached.get("/").headers().contains("x-secret")).isFalse();
            }
            assertThat(cached.requests()).isEqualTo(1);
        }
    }

    @Test
    void beforeCompressionItKeepsWhatThatHasMade() {
        Answer large = answer("max-age=60")
                .header("Content-Type", "text/plain")
                .header("ETag", "\"v1\"")
                .body("x".repeat(5_000));
        try (Cached cached = Cached.placed(
                large, 350, builder -> builder.plugin(Plugins.compression(c -> c.codings(Coding.GZIP))))) {
            RawResponse first = cached.get("/", "Accept-Encoding: gzip");
            RawResponse hit = cached.get("/", "Accept-Encoding: gzip");
            assertThat(hit.headers().first("content-encoding")).contains("gzip");
            assertThat(hit.body().bytes()).isEqualTo(first.body().bytes());
            assertThat(hit.headers().first("cache-status").orElse("")).startsWith("lb4j; hit");
            assertThat(cached.get("/").text()).hasSize(5_000);
            assertThat(cached.requests()).isEqualTo(2);
        }
    }
}
