package io.lb4j.plugins.cache;

import static io.lb4j.plugins.cache.Cached.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parts of what is kept. */
final class RangeTest {
    private static final Answer DIGITS =
            answer("max-age=60").header("ETag", "\"v1\"").body("0123456789");

    @ParameterizedTest
    @CsvSource({
        "bytes=0-1, 01, bytes 0-1/10",
        "bytes=8-, 89, bytes 8-9/10",
        "bytes=8-99, 89, bytes 8-9/10",
        "bytes=-3, 789, bytes 7-9/10",
        "bytes=-30, 0123456789, bytes 0-9/10"
    })
    void oneRangeIsCutOutOfTheWhole(String range, String text, String place) {
        try (Cached cached = Cached.with(DIGITS)) {
            cached.get("/");
            RawResponse part = cached.get("/", "Range: " + range);
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.text()).isEqualTo(text);
            assertThat(part.headers().first("content-range")).contains(place);
            assertThat(cached.requests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=-0"})
    void aRangeBeyondTheEndCannotBeSatisfied(String range) {
        try (Cached cached = Cached.with(DIGITS)) {
            cached.get("/");
            RawResponse refused = cached.get("/", "Range: " + range);
            assertThat(refused.status()).isEqualTo(416);
            assertThat(refused.headers().first("content-range")).contains("bytes */10");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "bytes=5-1", "bytes=a-", "items=0-1", "bytes=", "bytes=--1"})
    void whatIsNoSimpleRangeIsAnsweredWithTheWhole(String range) {
        try (Cached cached = Cached.with(DIGITS)) {
            cached.get("/");
            assertThat(cached.get("/", "Range: " + range).text()).isEqualTo("0123456789");
        }
    }

    @Test
    void aRangeOfAnotherVersionIsAnsweredWithTheWhole() {
        try (Cached cached = Cached.with(DIGITS)) {
            cached.get("/");
            assertThat(cached.get("/", "Range: bytes=0-1", "If-Range: \"v1\"").status())
                    .isEqualTo(206);
            assertThat(cached.get("/", "Range: bytes=0-1", "If-Range: \"v0\"").status())
                    .isEqualTo(200);
            assertThat(cached.get("/", "Range: bytes=0-1", "If-Range: W/\"v1\"").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aPartIsNotKept() {
        try (Cached cached = Cached.with(Answer.status(206)
                .header("Cache-Control", "max-age=60")
                .header("Content-Range", "bytes 0-1/10")
                .body("01"))) {
            assertThat(cached.get("/", "Range: bytes=0-1").status()).isEqualTo(206);
            cached.answers(DIGITS);
            assertThat(cached.get("/").text()).isEqualTo("0123456789");
            assertThat(cached.requests()).isEqualTo(2);
        }
    }
}
