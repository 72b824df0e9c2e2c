package io.lb4j.plugins.cache;

import static io.lb4j.plugins.cache.Cached.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import org.junit.jupiter.api.Test;

/** What endpoints are asked about what is kept, and what clients ask the cache. */
final class ValidationTest {
    private static final Answer TAGGED = answer("max-age=10").header("ETag", "\"v1\"");

    @Test
    void aStaleResponseIsValidatedAndFreshAgain() {
        try (Cached cached = Cached.with(TAGGED.header("X-A", "1").header("X-B", "1"))) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(Answer.status(304)
                    .header("ETag", "\"v1\"")
                    .header("X-A", "2")
                    .header("Cache-Control", "max-age=20")
                    .header("Set-Cookie", "a=b"));
            RawResponse validated = cached.get("/");
            assertThat(cached.seen().headers().first("if-none-match")).contains("\"v1\"");
            assertThat(validated.status()).isEqualTo(200);
            assertThat(validated.text()).isEqualTo("hello");
            assertThat(validated.headers().first("x-a")).contains("2");
            assertThat(validated.headers().first("x-b")).contains("1");
            assertThat(validated.headers().first("set-cookie")).contains("a=b");
            assertThat(validated.headers().first("cache-status")).contains("lb4j; fwd=stale; fwd-status=304");
            cached.passSeconds(19);
            RawResponse hit = cached.get("/");
            assertThat(hit.headers().first("cache-status")).contains("lb4j; hit; ttl=1");
            assertThat(hit.headers().contains("set-cookie")).isFalse();
            assertThat(cached.requests()).isEqualTo(2);
            assertThat(cached.figure("revalidated")).isEqualTo(1);
        }
    }

    @Test
    void aValidationLeavesItsConnectionForTheNext() {
        try (Cached cached = Cached.with(TAGGED);
                RawClient client = cached.served().connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(Served.request("GET", "/", "")).readResponse();
                cached.passSeconds(11);
                cached.answers(Answer.status(304));
            }
            assertThat(cached.requests()).isEqualTo(5);
            assertThat(cached.served().upstream().connections().accepted()).isEqualTo(1);
        }
    }

    @Test
    void aDateValidatesWhereThereIsNoTag() {
        try (Cached cached = Cached.with(Answer.status(200))) {
            String modified = cached.date(-100);
            cached.answers(answer("max-age=1").header("Last-Modified", modified));
            cached.get("/");
            cached.passSeconds(2);
            cached.answers(Answer.status(304));
            assertThat(cached.get("/").text()).isEqualTo("hello");
            assertThat(cached.seen().headers().first("if-modified-since")).contains(modified);
        }
    }

    @Test
    void anotherVersionTakesThePlaceOfTheStaleOne() {
        try (Cached cached = Cached.with(TAGGED)) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(answer("max-age=10").header("ETag", "\"v2\"").body("other"));
            assertThat(cached.get("/").text()).isEqualTo("other");
            assertThat(cached.get("/").text()).isEqualTo("other");
            assertThat(cached.requests()).isEqualTo(2);
        }
    }

    @Test
    void aNotModifiedOfAnotherVersionUpdatesNothing() {
        try (Cached cached = Cached.with(TAGGED.header("X-A", "1"))) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(Answer.status(304).header("ETag", "\"v2\"").header("X-A", "2"));
            assertThat(cached.get("/").headers().first("x-a")).contains("1");
            assertThat(cached.status("/")).startsWith("lb4j; fwd=miss");
        }
    }

    @Test
    void aResponseThatMustBeValidatedIsEachTime() {
        try (Cached cached = Cached.with(answer("no-cache, max-age=60").header("ETag", "\"v1\""))) {
            cached.get("/");
            cached.answers(Answer.status(304).header("ETag", "\"v1\""));
            assertThat(cached.status("/")).isEqualTo("lb4j; fwd=stale; fwd-status=304");
            assertThat(cached.status("/")).isEqualTo("lb4j; fwd=stale; fwd-status=304");
            assertThat(cached.requests()).isEqualTo(3);
        }
    }

    @Test
    void clientsHaveTheirOwnConditionsJudgedHere() {
        try (Cached cached = Cached.with(Answer.status(200))) {
            String modified = cached.date(-100);
            cached.answers(answer("max-age=60")
                    .header("ETag", "\"v1\"")
                    .header("Last-Modified", modified)
                    .header("Content-Type", "text/plain")
                    .header("Access-Control-Allow-Origin", "*"));
            cached.get("/");
            RawResponse known = cached.get("/", "If-None-Match: \"x,y\", W/\"v1\"");
            assertThat(known.status()).isEqualTo(304);
            assertThat(known.headers().first("etag")).contains("\"v1\"");
            assertThat(known.headers().first("access-control-allow-origin")).contains("*");
            assertThat(known.headers().names())
                    .doesNotContain(
                            "content-length", "Content-Length", "content-type", "Content-Type", "Last-Modified");
            assertThat(cached.get("/", "If-None-Match: *").status()).isEqualTo(304);
            assertThat(cached.get("/", "If-Modified-Since: " + modified).status())
                    .isEqualTo(304);
            assertThat(cached.get("/", "If-Modified-Since: " + cached.date(-99)).status())
                    .isEqualTo(304);
            assertThat(cached.get("/", "If-Modified-Since: " + cached.date(-101))
                            .text())
                    .isEqualTo("hello");
            assertThat(cached.get("/", "If-None-Match: \"v2\"", "If-Modified-Since: " + modified)
                            .status())
                    .isEqualTo(200);
            assertThat(cached.requests()).isEqualTo(1);
        }
    }

    @Test
    void aClientsConditionsAreJudgedAfterAValidationToo() {
        try (Cached cached = Cached.with(TAGGED)) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(Answer.status(304).header("ETag", "\"v1\""));
            assertThat(cached.get("/", "If-None-Match: \"v1\"").status()).isEqualTo(304);
            cached.passSeconds(11);
            assertThat(cached.get("/", "If-None-Match: \"v0\"").status()).isEqualTo(200);
            assertThat(cached.seen().headers().all("if-none-match")).containsExactly("\"v1\"");
        }
    }

    @Test
    void withoutAnythingKeptConditionsAreForwarded() {
        try (Cached cached = Cached.with(Answer.status(304).header("ETag", "\"v1\""))) {
            assertThat(cached.get("/", "If-None-Match: \"v1\"").status()).isEqualTo(304);
            assertThat(cached.seen().headers().first("if-none-match")).contains("\"v1\"");
            cached.answers(TAGGED);
            assertThat(cached.status("/", "If-Match: \"v1\"")).isEqualTo("lb4j; fwd=bypass");
        }
    }

    @Test
    void headIsAnsweredFromGet() {
        try (Cached cached = Cached.with(TAGGED)) {
            cached.get("/");
            RawResponse head = cached.ask("HEAD", "/");
            assertThat(head.headers().first("content-length")).contains("5");
            assertThat(head.headers().first("cache-status").orElse("")).startsWith("lb4j; hit");
            assertThat(cached.requests()).isEqualTo(1);
        }
    }

    @Test
    void whatHeadSaysIsTakenOverOrEndsWhatIsKept() {
        try (Cached cached = Cached.with(TAGGED)) {
            cached.get("/");
            cached.passSeconds(11);
            cached.answers(answer("max-age=50").header("ETag", "\"v1\""));
            assertThat(cached.ask("HEAD", "/").status()).isEqualTo(200);
            assertThat(cached.seen().method()).isEqualTo("HEAD");
            assertThat(cached.isHit("/")).isTrue();
            cached.passSeconds(51);
            cached.answers(answer("max-age=50").header("ETag", "\"v2\""));
            cached.ask("HEAD", "/");
            assertThat(cached.status("/")).isEqualTo("lb4j; fwd=miss; stored");
        }
    }

    @Test
    void requestsSayHowOldAResponseMayBe() {
        try (Cached cached = Cached.with(TAGGED)) {
            cached.get("/");
            cached.passSeconds(5);
            assertThat(cached.isHit("/", "Cache-Control: max-age=5, min-fresh=5"))
                    .isTrue();
            cached.answers(Answer.status(304).header("ETag", "\"v1\""));
            assertThat(cached.status("/", "Cache-Control: min-fresh=6")).isEqualTo("lb4j; fwd=request; fwd-status=304");
            cached.passSeconds(5);
            assertThat(cached.status("/", "Cache-Control: max-age=4")).isEqualTo("lb4j; fwd=request; fwd-status=304");
            assertThat(cached.status("/", "Cache-Control: no-cache")).isEqualTo("lb4j; fwd=request; fwd-status=304");
            cached.passSeconds(15);
            assertThat(cached.status("/", "Cache-Control: max-stale=5")).isEqualTo("lb4j; hit; ttl=-5");
            assertThat(cached.status("/", "Cache-Control: max-stale")).isEqualTo("lb4j; hit; ttl=-5");
            assertThat(cached.figure("stale")).isEqualTo(2);
            assertThat(cached.isHit("/", "Cache-Control: max-stale=4")).isFalse();
            assertThat(cached.status("/", "Cache-Control: no-store")).isEqualTo("lb4j; fwd=bypass");
        }
    }

    @Test
    void aClientThatWantsOnlyWhatIsKeptIsToldIfThereIsNothing() {
        try (Cached cached = Cached.with(TAGGED)) {
            assertThat(cached.get("/", "Cache-Control: only-if-cached").status())
                    .isEqualTo(504);
            assertThat(cached.requests()).isZero();
            cached.get("/");
            assertThat(cached.get("/", "Cache-Control: only-if-cached").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void clientsAreNotHeededWhereTheyAreNotTo() {
        try (Cached cached = Cached.with(TAGGED, CacheBuilder::withoutClientControl)) {
            cached.get("/");
            assertThat(cached.isHit("/", "Cache-Control: no-cache, no-store")).isTrue();
        }
    }

    @Test
    void whatIsImmutableIsNotValidatedWhileItIsFresh() {
        try (Cached cached = Cached.with(answer("max-age=60, immutable").header("ETag", "\"v1\""))) {
            cached.get("/");
            cached.passSeconds(1);
            assertThat(cached.isHit("/", "Cache-Control: max-age=0")).isTrue();
            assertThat(cached.isHit("/", "Cache-Control: no-cache")).isFalse();
        }
    }

    @Test
    void whatIsStaleMustBeValidatedWhereItSaysSo() {
        try (Cached cached = Cached.with(answer("max-age=10, must-revalidate").header("ETag", "\"v1\""))) {
            cached.get("/");
            cached.passSeconds(11);
            assertThat(cached.isHit("/", "Cache-Control: max-stale")).isFalse();
        }
    }

    @Test
    void aStaleResponseStandsInForAnEndpointThatFailsIfItMay() {
        try (Cached cached = Cached.with(answer("max-age=10, stale-if-error=20"))) {
            cached.get("/");
            cached.passSeconds(30);
            cached.answers(Answer.status(503));
            assertThat(cached.status("/")).isEqualTo("lb4j; hit; ttl=-20; detail=error");
            cached.answers(Answer.status(200).closeAt(0));
            assertThat(cached.get("/").text()).isEqualTo("hello");
            cached.answers(Answer.status(404));
            assertThat(cached.get("/").status()).isEqualTo(404);
        }
        try (Cached cached = Cached.with(answer("max-age=10, stale-if-error=20"))) {
            cached.get("/");
            cached.passSeconds(31);
            cached.answers(Answer.status(503));
            assertThat(cached.get("/").status()).isEqualTo(503);
        }
    }
}
