package io.lb4j.plugins.cache;

import static io.lb4j.plugins.cache.Cached.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.http.Answer;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends the use of a response before its time. */
final class InvalidationTest {
    private static final Answer FRESH = answer("max-age=60");

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "M-SEARCH", "PURGE"})
    void aChangeThatSucceedsEndsWhatIsKept(String method) {
        try (Cached cached = Cached.with(FRESH.header("Vary", "X-A"))) {
            cached.get("/a", "X-A: 1");
            cached.get("/a", "X-A: 2");
            cached.get("/b");
            assertThat(cached.ask(method, "/a").headers().first("cache-status")).contains("lb4j; fwd=method");
            assertThat(cached.isHit("/a", "X-A: 1")).isFalse();
            assertThat(cached.isHit("/a", "X-A: 2")).isFalse();
            assertThat(cached.isHit("/b")).isTrue();
            assertThat(cached.figure("invalidated")).isEqualTo(1);
        }
    }

    @Test
    void aChangeThatFailsChangesNothing() {
        try (Cached cached = Cached.with(FRESH)) {
            cached.get("/");
            cached.answers(Answer.status(500));
            cached.ask("POST", "/");
            cached.answers(Answer.status(404));
            cached.ask("POST", "/");
            assertThat(cached.isHit("/")).isTrue();
            cached.answers(Answer.status(204));
            cached.ask("OPTIONS", "/");
            assertThat(cached.isHit("/")).isTrue();
        }
    }

    @Test
    void aChangeOnAnotherRouteEndsItToo() {
        try (Cached cached = Cached.with(
                FRESH,
                cache -> {},
                builder -> builder.route(
                        "writes", route -> route.path("/**").method("POST").to("api")))) {
            cached.get("/");
            cached.ask("POST", "/");
            assertThat(cached.isHit("/")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Location", "Content-Location"})
    void whatAResponseNamesHasChangedTooIfItIsOfTheSameOrigin(String field) {
        try (Cached cached = Cached.with(FRESH)) {
            for (String named : new String[] {"/b?c", "b?c", "http://A.example/b?c"}) {
                cached.answers(FRESH);
                cached.get("/b?c");
                cached.answers(Answer.status(201).header(field, named));
                cached.ask("POST", "/a");
                assertThat(cached.isHit("/b?c")).as(named).isFalse();
            }
            for (String named : new String[] {"http://other.example/b?c", "https://a.example/b?c", "http://[", ":"}) {
                cached.answers(FRESH);
                cached.get("/b?c");
                cached.answers(Answer.status(201).header(field, named));
                cached.ask("POST", "/a");
                assertThat(cached.isHit("/b?c")).as(named).isTrue();
            }
        }
    }

    @Test
    void aResponseThatWasAskedForBeforeTheChangeIsNotKept() {
        try (Cached cached = Cached.with(FRESH);
                var slow = cached.served().connect()) {
            cached.answers(FRESH.payload(500_000).inPieces(100_000, Duration.ofMillis(50)));
            slow.send("GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n").readHead();
            cached.answers(FRESH);
            cached.ask("POST", "/a");
            slow.skip(500_000);
            assertThat(cached.isHit("/a")).isFalse();
        }
    }

    @Test
    void theApplicationHasAUriForgotten() {
        try (Cached cached = Cached.with(FRESH)) {
            cached.get("/a?b");
            assertThat(cached.cache().purge(URI.create("http://a.example/a"))).isFalse();
            assertThat(cached.isHit("/a?b")).isTrue();
            assertThat(cached.cache().purge(URI.create("HTTP://A.example/a?b"))).isTrue();
            assertThat(cached.isHit("/a?b")).isFalse();
            assertThatThrownBy(() -> cached.cache().purge(URI.create("/a")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a scheme and a host");
        }
    }

    @Test
    void purgeIsForThoseWhoMay() {
        try (Cached cached = Cached.with(FRESH, cache -> cache.purgeFrom("127.0.0.1"))) {
            cached.get("/a");
            assertThat(cached.ask("PURGE", "/a", "X-Forwarded-For: 192.0.2.1").status())
                    .isEqualTo(403);
            assertThat(cached.isHit("/a")).isTrue();
            assertThat(cached.ask("PURGE", "/a").status()).isEqualTo(204);
            assertThat(cached.isHit("/a")).isFalse();
            assertThat(cached.requests()).isEqualTo(2);
        }
    }
}
