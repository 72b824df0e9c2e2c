package io.lb4j.plugins.cache;

import static io.lb4j.plugins.cache.Cached.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.PluginPage;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept, and how long it is fresh. */
final class HttpCacheTest {
    @Test
    void aFreshResponseIsAnsweredFromWhatIsKept() {
        try (Cached cached = Cached.with(answer("max-age=60").header("X-Own", "1"))) {
            assertThat(cached.status("/a")).isEqualTo("lb4j; fwd=miss; stored");
            cached.passSeconds(59);
            RawResponse hit = cached.get("/a");
            assertThat(hit.text()).isEqualTo("hello");
            assertThat(hit.headers().first("x-own")).contains("1");
            assertThat(hit.headers().first("age")).contains("59");
            assertThat(hit.headers().first("date")).contains(cached.date(-59));
            assertThat(hit.headers().first("cache-status")).contains("lb4j; hit; ttl=1");
            assertThat(cached.requests()).isEqualTo(1);
            cached.passSeconds(1);
            assertThat(cached.status("/a")).isEqualTo("lb4j; fwd=stale; stored");
            assertThat(cached.requests()).isEqualTo(2);
            assertThat(cached.figure("hits")).isEqualTo(1);
            assertThat(cached.figure("misses")).isEqualTo(2);
            assertThat(cached.figure("stored")).isEqualTo(2);
            assertThat(cached.figure("octets")).isBetween(500L, 2_000L);
        }
    }

    @Test
    void whatIsForSharedCachesGoesBeforeWhatIsForAll() {
        try (Cached cached = Cached.with(answer("max-age=1, s-maxage=60"))) {
            cached.get("/");
            cached.passSeconds(50);
            assertThat(cached.isHit("/")).isTrue();
        }
    }

    @Test
    void expiresCountsFromTheDateOfTheResponse() {
        try (Cached cached = Cached.with(Answer.status(200))) {
            cached.answers(Answer.status(200)
                    .header("Date", cached.date(-10))
                    .header("Expires", cached.date(20))
                    .body("a"));
            cached.get("/");
            cached.passSeconds(19);
            assertThat(cached.isHit("/")).isTrue();
            cached.passSeconds(1);
            assertThat(cached.isHit("/")).isFalse();
        }
    }

    /** So that of the JDK's client before JDK 19. */
    @Test
    void aRequestThatSaysItsBodyIsEmptyIsLikeOneWithout() {
        try (Cached cached = Cached.with(answer("max-age=60"))) {
            cached.get("/", "Content-Length: 0");
            assertThat(cached.isHit("/")).isTrue();
            assertThat(cached.get("/", "Content-Length: 0").headers().first("age"))
                    .isPresent();
        }
    }

    @Test
    void whoeverHasHadAResponseBeforeMakesItOlder() {
        try (Cached cached = Cached.with(answer("max-age=60").header("Age", "50, 3"))) {
            cached.get("/");
            cached.passSeconds(9);
            assertThat(cached.get("/").headers().all("age")).containsExactly("59");
            cached.passSeconds(1);
            assertThat(cached.isHit("/")).isFalse();
        }
    }

    @Test
    void aTenthOfTheTimeSinceTheLastChangeIsFreshUpToABound() {
        try (Cached cached = Cached.with(Answer.status(200), cache -> cache.heuristicMax(Duration.ofMinutes(2)))) {
            cached.answers(Answer.status(200)
                    .header("Last-Modified", cached.date(-100))
                    .body("a"));
            cached.get("/young");
            cached.answers(Answer.status(200)
                    .header("Last-Modified", cached.date(-100_000))
                    .body("a"));
            cached.get("/old");
            cached.passSeconds(9);
            assertThat(cached.isHit("/young")).isTrue();
            cached.passSeconds(110);
            assertThat(cached.isHit("/young")).isFalse();
            assertThat(cached.isHit("/old")).isTrue();
            cached.passSeconds(1);
            assertThat(cached.isHit("/old")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-store",
                "private, max-age=60",
                "max-age=0",
                "no-cache",
                "max-age='60'",
                "max-age=60s",
                "x=\"max-age=60\"",
                "max-age =60",
                "max-age=-1"
            })
    void whatMustNotBeKeptOrIsOfNoUseIsNot(String control) {
        try (Cached cached = Cached.with(answer(control))) {
            assertThat(cached.status("/")).isEqualTo("lb4j; fwd=miss");
            assertThat(cached.status("/")).isEqualTo("lb4j; fwd=miss");
            assertThat(cached.figure("octets")).isZero();
        }
    }

    @Test
    void aStatusThatCachesDoNotKnowNeedsTheWordOfTheEndpoint() {
        try (Cached cached = Cached.with(Answer.status(200))) {
            String modified = cached.date(-1_000_000);
            cached.answers(Answer.status(403).header("Last-Modified", modified).body("a"));
            cached.get("/guess");
            assertThat(cached.isHit("/guess")).isFalse();
            cached.answers(
                    Answer.status(403).header("Cache-Control", "max-age=9").body("a"));
            cached.get("/told");
            assertThat(cached.isHit("/told")).isTrue();
            cached.answers(answer("max-age=9, no-store, must-understand"));
            cached.get("/known");
            assertThat(cached.isHit("/known")).isTrue();
            cached.answers(Answer.status(299)
                    .header("Cache-Control", "max-age=9, must-understand")
                    .body("a"));
            cached.get("/unknown");
            assertThat(cached.isHit("/unknown")).isFalse();
        }
    }

    @Test
    void fieldsThatAreForOneClientOnlyAreNotKept() {
        try (Cached cached = Cached.with(answer("max-age=60, private=\"x-user\", no-cache=\"x-token, x-two\"")
                .header("X-User", "ann")
                .header("X-Two", "2")
                .header("X-Open", "1"))) {
            assertThat(cached.get("/").headers().contains("x-user")).isTrue();
            RawResponse hit = cached.get("/");
            assertThat(hit.headers().first("cache-status").orElse("")).startsWith("lb4j; hit");
            assertThat(hit.headers().contains("x-user")).isFalse();
            assertThat(hit.headers().contains("x-two")).isFalse();
            assertThat(hit.headers().first("x-open")).contains("1");
        }
    }

    @Test
    void aFieldThatIsForThisKindOfCacheIsReadFirst() {
        try (Cached cached = Cached.with(
                answer("no-store").header("CDN-Cache-Control", "max-age=60"),
                cache -> cache.targeted("cdn-cache-control"))) {
            cached.get("/a");
            assertThat(cached.isHit("/a")).isTrue();
            cached.answers(answer("max-age=60").header("CDN-Cache-Control", "no-store"));
            cached.get("/b");
            assertThat(cached.isHit("/b")).isFalse();
            cached.answers(answer("max-age=60").header("CDN-Cache-Control", "no-store, &"));
            cached.get("/c");
            assertThat(cached.isHit("/c")).isTrue();
        }
    }

    @Test
    void aBodyThatIsTooLargeGoesBy() {
        try (Cached cached = Cached.with(answer("max-age=60"), cache -> cache.maxEntry(10))) {
            cached.answers(answer("max-age=60").body("0123456789"));
            cached.get("/fits");
            assertThat(cached.isHit("/fits")).isTrue();
            cached.answers(answer("max-age=60").body("0123456789a"));
            assertThat(cached.get("/length").text()).isEqualTo("0123456789a");
            assertThat(cached.isHit("/length")).isFalse();
            cached.answers(answer("max-age=60").body("0123456789a").chunked());
            assertThat(cached.get("/chunked").text()).isEqualTo("0123456789a");
            assertThat(cached.isHit("/chunked")).isFalse();
            assertThat(cached.figure("unstored")).isEqualTo(4);
        }
    }

    @Test
    void theWholeStaysWithinItsBound() {
        try (Cached cached =
                Cached.with(answer("max-age=60").body("x".repeat(4_000)), cache -> cache.maxSize(64 * 1024))) {
            for (int i = 0; i < 100; i++) {
                assertThat(cached.get("/" + i).status()).isEqualTo(200);
            }
            assertThat(cached.figure("octets")).isBetween(4_000L, 64 * 1024L);
            assertThat(cached.figure("evicted")).isGreaterThan(80);
        }
    }

    @Test
    void aBodyInPiecesIsKeptAsAWholeWithoutItsTrailers() {
        try (Cached cached = Cached.with(answer("max-age=60")
                .body("x".repeat(50_000))
                .trailer("X-Sum", "1")
                .inPieces(1_000, Duration.ZERO))) {
            assertThat(cached.get("/").trailers().first("x-sum")).contains("1");
            RawResponse hit = cached.get("/");
            assertThat(hit.text()).isEqualTo("x".repeat(50_000));
            assertThat(hit.headers().first("content-length")).contains("50000");
            assertThat(hit.trailers().isEmpty()).isTrue();
            assertThat(cached.requests()).isEqualTo(1);
        }
    }

    @Test
    void whatIsCutOrMayBeIsNeverKept() {
        try (Cached cached = Cached.with(answer("max-age=60").truncateBody(2))) {
            assertThat(cached.get("/cut").wasTruncated()).isTrue();
            cached.answers(answer("max-age=60").untilClose());
            assertThat(cached.get("/until").text()).isEqualTo("hello");
            cached.answers(answer("max-age=60"));
            assertThat(cached.isHit("/cut")).isFalse();
            assertThat(cached.isHit("/until")).isFalse();
            assertThat(cached.requests()).isEqualTo(4);
        }
    }

    @Test
    void aClientThatGoesLeavesNothingHalf() {
        try (Cached cached =
                Cached.with(answer("max-age=60").payload(900_000).inPieces(10_000, Duration.ofMillis(1)))) {
            try (var client = cached.served().connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n").readHead();
                client.abort();
            }
            assertThat(cached.get("/").headers().first("cache-status")).contains("lb4j; fwd=miss; stored");
        }
    }

    @Test
    void aBalancerThatBeginsAnewBeginsWithNothing() {
        try (Cached cached = Cached.with(answer("max-age=60"))) {
            cached.get("/");
            assertThat(cached.isHit("/")).isTrue();
            cached.cache().purgeAll();
            assertThat(cached.figure("octets")).isZero();
            assertThat(cached.isHit("/")).isFalse();
        }
    }

    @Test
    void faultsNameTheirPlaceAndThePluginIsDocumented(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> HttpCache.plugin(cache -> cache.maxSize(1).keyFields("no name")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cache.max_size")
                .hasMessageContaining("cache.key_fields[0]");
        PluginPage.requireChapter(new CacheFactory());
        PluginPage.requireExamples(folder, "import io.lb4j.plugins.cache.HttpCache;", "cache");
    }
}
