package io.lb4j.plugins.cache;

import static io.lb4j.plugins.cache.Cached.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is used when it is stale. */
final class StaleTest {
    private static final Duration PATIENT = Duration.ofSeconds(60);
    private static final Answer MEANWHILE =
            answer("max-age=10, stale-while-revalidate=20").header("ETag", "\"v1\"");

    private static void awaitFresh(Cached cached, String path) {
        await().atMost(PATIENT).until(() -> cached.status(path).matches("lb4j; hit; ttl=\\d+"));
    }

    @Test
    void aStaleResponseIsUsedWhileItIsBroughtUpToDate() {
        try (Cached cached = Cached.with(MEANWHILE)) {
            cached.get("/");
            cached.passSeconds(30);
            cached.hold();
            cached.answers(Answer.status(304).header("ETag", "\"v1\""));
            assertThat(cached.status("/", "Range: bytes=0-1")).isEqualTo("lb4j; hit; ttl=-20");
            assertThat(cached.status("/")).isEqualTo("lb4j; hit; ttl=-20");
            assertThat(cached.served().upstream().awaitRequests(2)).hasSize(2);
            assertThat(cached.seen().headers().first("if-none-match")).contains("\"v1\"");
            assertThat(cached.seen().headers().contains("range")).isFalse();
            assertThat(cached.seen().headers().first("x-forwarded-host")).contains("a.example");
            cached.release();
            awaitFresh(cached, "/");
            assertThat(cached.requests()).isEqualTo(2);
            assertThat(cached.figure("refreshed")).isEqualTo(1);
        }
    }

    @Test
    void anotherVersionIsThereForTheNextClient() {
        try (Cached cached = Cached.with(MEANWHILE)) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(MEANWHILE.header("X-A", "2").body("other"));
            assertThat(cached.get("/").text()).isEqualTo("hello");
            awaitFresh(cached, "/");
            assertThat(cached.get("/").text()).isEqualTo("other");
        }
    }

    @Test
    void headHasTheWholeBroughtUpToDate() {
        try (Cached cached = Cached.with(MEANWHILE)) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(MEANWHILE.body("other"));
            assertThat(cached.ask("HEAD", "/").headers().first("content-length"))
                    .contains("5");
            awaitFresh(cached, "/");
            assertThat(cached.seen().method()).isEqualTo("GET");
            assertThat(cached.get("/").text()).isEqualTo("other");
        }
    }

    @Test
    void theEndpointIsAskedTheWayThatTheRouteSays() {
        try (Cached cached = Cached.with(
                MEANWHILE,
                cache -> {},
                builder -> builder.route(
                        "app",
                        route -> route.path("/app/**")
                                .to("api")
                                .rewrite(rewrite -> rewrite.prefix("/").host("inner.example"))))) {
            cached.get("/app/a?b");
            cached.passSeconds(11);
            assertThat(cached.isHit("/app/a?b")).isTrue();
            awaitFresh(cached, "/app/a?b");
            assertThat(cached.served().upstream().requests()).hasSize(2).allSatisfy(request -> {
                assertThat(request.target()).isEqualTo("/a?b");
                assertThat(request.headers().first("host")).contains("inner.example");
            });
        }
    }

    @Test
    void afterItsTimeAClientWaitsForTheEndpoint() {
        try (Cached cached = Cached.with(MEANWHILE)) {
            cached.get("/");
            cached.passSeconds(31);
            cached.answers(Answer.status(304));
            assertThat(cached.status("/")).isEqualTo("lb4j; fwd=stale; fwd-status=304");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cache-Control: no-cache", "Cache-Control: max-age=5", "Authorization: Bearer a"})
    void whoeverWantsItFreshOrForItselfWaits(String line) {
        try (Cached cached = Cached.with(MEANWHILE)) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(Answer.status(304));
            assertThat(cached.status("/", line)).endsWith("; fwd-status=304");
            assertThat(cached.figure("refreshed")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "no-cache"})
    void aResponseThatForbidsItIsNotUsed(String word) {
        try (Cached cached = Cached.with(
                answer("max-age=10, stale-while-revalidate=20, stale-if-error=20, " + word)
                        .header("ETag", "\"v1\""),
                cache -> cache.staleIfError(Duration.ofSeconds(20)))) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(Answer.status(503));
            assertThat(cached.get("/", "Cache-Control: max-stale").status()).isEqualTo(503);
        }
    }

    @Test
    void forSharedCachesTheResponsesOwnWordCounts() {
        try (Cached cached = Cached.with(answer("s-maxage=10"), cache -> cache.staleIfError(Duration.ofSeconds(20)))) {
            cached.get("/silent");
            cached.answers(answer("s-maxage=10, stale-if-error=20"));
            cached.get("/told");
            cached.passSeconds(11);
            cached.answers(Answer.status(503));
            assertThat(cached.get("/silent").status()).isEqualTo(503);
            assertThat(cached.get("/told").status()).isEqualTo(200);
        }
    }

    @Test
    void whatTheConfigurationSaysIsForResponsesThatSayNothing() {
        try (Cached cached = Cached.with(
                answer("max-age=10"),
                cache -> cache.staleIfError(Duration.ofSeconds(20)).staleWhileRevalidate(Duration.ofSeconds(5)))) {
            cached.get("/");
            cached.passSeconds(15);
            cached.answers(Answer.status(500));
            assertThat(cached.status("/")).isEqualTo("lb4j; hit; ttl=-5");
            assertThat(cached.served().upstream().awaitRequests(2)).hasSize(2);
            cached.passSeconds(15);
            assertThat(cached.status("/")).isEqualTo("lb4j; hit; ttl=-20; detail=error");
        }
    }

    @Test
    void anEndpointThatCannotBeReachedLeavesWhatIsKept() {
        try (Cached cached = Cached.with(MEANWHILE)) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(MEANWHILE.resetAt(0));
            assertThat(cached.isHit("/")).isTrue();
            assertThat(cached.served().upstream().awaitRequests(2)).hasSizeGreaterThanOrEqualTo(2);
            assertThat(cached.isHit("/")).isTrue();
        }
    }
}
