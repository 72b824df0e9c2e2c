package io.lb4j.plugins.cache;

import static io.lb4j.plugins.cache.Cached.answer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many who want the same at once. */
final class CollapsingTest {
    private static final Answer FRESH = answer("max-age=60").header("ETag", "\"v1\"");

    private static List<RawClient> begin(Cached cached, int count, String... lines) {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(cached.begin("/", lines));
        }
        return clients;
    }

    private static List<RawResponse> finish(List<RawClient> clients) {
        List<RawResponse> responses = new ArrayList<>();
        for (RawClient client : clients) {
            try (client) {
                responses.add(client.readResponse());
            }
        }
        return responses;
    }

    @Test
    void oneAsksAndTheOthersWait() {
        try (Cached cached = Cached.with(FRESH, cache -> cache.collapseWait(Duration.ofSeconds(60)))) {
            cached.hold();
            List<RawClient> clients = begin(cached, 8);
            cached.awaitUnderWay(8);
            assertThat(cached.requests()).isEqualTo(1);
            cached.release();
            List<RawResponse> responses = finish(clients);
            assertThat(responses).extracting(RawResponse::text).containsOnly("hello");
            assertThat(responses)
                    .extracting(
                            response -> response.headers().first("cache-status").orElse(""))
                    .contains("lb4j; fwd=miss; stored", "lb4j; fwd=miss; collapsed");
            assertThat(cached.requests()).isEqualTo(1);
            assertThat(cached.figure("hits")).isEqualTo(7);
            assertThat(cached.figure("collapsed")).isPositive();
            assertThat(cached.figure("misses")).isEqualTo(1);
        }
    }

    @Test
    void oneValidatesForAll() {
        try (Cached cached = Cached.with(FRESH, cache -> cache.collapseWait(Duration.ofSeconds(60)))) {
            cached.get("/");
            cached.passSeconds(61);
            cached.answers(Answer.status(304));
            cached.hold();
            List<RawClient> clients = begin(cached, 4, "If-None-Match: \"v1\"");
            cached.awaitUnderWay(4);
            cached.release();
            assertThat(finish(clients)).extracting(RawResponse::status).containsOnly(304);
            assertThat(cached.requests()).isEqualTo(2);
        }
    }

    @Test
    void whatIsForOneOnlyIsWaitedForOnceAndNotAgain() {
        try (Cached cached = Cached.with(answer("private"), cache -> cache.collapseWait(Duration.ofSeconds(60)))) {
            cached.hold();
            List<RawClient> clients = begin(cached, 3);
            cached.awaitUnderWay(3);
            assertThat(cached.requests()).isEqualTo(1);
            cached.release();
            assertThat(finish(clients))
                    .extracting(
                            response -> response.headers().first("cache-status").orElse(""))
                    .containsOnly("lb4j; fwd=miss");
            assertThat(cached.requests()).isEqualTo(3);
            cached.hold();
            List<RawClient> others = begin(cached, 3);
            assertThat(cached.served().upstream().awaitRequests(6)).hasSize(6);
            cached.release();
            finish(others);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer a", "Cache-Control: no-cache", "Range: bytes=0-1"})
    void whoeverAsksForItselfDoesNotMakeOthersWait(String line) {
        try (Cached cached = Cached.with(FRESH)) {
            cached.hold();
            List<RawClient> clients = begin(cached, 3, line);
            assertThat(cached.served().upstream().awaitRequests(3)).hasSize(3);
            cached.release();
            finish(clients);
        }
    }

    @Test
    void theTimeOfWaitingIsBounded() {
        try (Cached cached = Cached.with(FRESH, cache -> cache.collapseWait(Duration.ofMillis(50)))) {
            cached.hold();
            List<RawClient> clients = begin(cached, 3);
            assertThat(cached.served().upstream().awaitRequests(3)).hasSize(3);
            cached.release();
            assertThat(finish(clients)).extracting(RawResponse::text).containsOnly("hello");
        }
    }

    @Test
    void nobodyWaitsWhereThatIsNotWanted() {
        try (Cached cached = Cached.with(FRESH, cache -> cache.collapseWait(Duration.ZERO))) {
            cached.hold();
            List<RawClient> clients = begin(cached, 3);
            assertThat(cached.served().upstream().awaitRequests(3)).hasSize(3);
            cached.release();
            finish(clients);
        }
    }

    @Test
    void ifTheOneThatAsksGoesAnotherAsks() {
        try (Cached cached = Cached.with(FRESH, cache -> cache.collapseWait(Duration.ofSeconds(60)))) {
            cached.hold();
            RawClient first = cached.begin("/");
            cached.awaitUnderWay(1);
            List<RawClient> others = begin(cached, 3);
            cached.awaitUnderWay(4);
            first.abort();
            assertThat(cached.served().upstream().awaitRequests(2)).hasSize(2);
            cached.release();
            assertThat(finish(others)).extracting(RawResponse::text).containsOnly("hello");
            assertThat(cached.requests()).isEqualTo(2);
        }
    }

    @Test
    void variantsAreFetchedOneByOne() {
        try (Cached cached =
                Cached.with(FRESH.header("Vary", "X-A"), cache -> cache.collapseWait(Duration.ofSeconds(60)))) {
            cached.hold();
            List<RawClient> clients = begin(cached, 2, "X-A: 1");
            clients.addAll(begin(cached, 2, "X-A: 2"));
            cached.awaitUnderWay(4);
            cached.release();
            assertThat(finish(clients)).extracting(RawResponse::status).containsOnly(200);
            assertThat(cached.requests()).isEqualTo(2);
        }
    }
}
