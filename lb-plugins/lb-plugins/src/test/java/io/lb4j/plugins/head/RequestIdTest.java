package io.lb4j.plugins.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.RawResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An id for each request. */
final class RequestIdTest {
    @Test
    void endpointAndClientAreToldTheSameUuidOfVersion7() {
        try (Served served = Served.with(Plugins.requestId(id -> {}))) {
            RawResponse first = served.get("/", "X-Request-Id: mine");
            String told = first.headers().first("x-request-id").orElseThrow();

            assertThat(served.seen().headers().all("x-request-id")).containsExactly(told);
            assertThat(UUID.fromString(told).version()).isEqualTo(7);
            assertThat(UUID.fromString(told).variant()).isEqualTo(2);
            assertThat(UUID.fromString(told).getMostSignificantBits() >>> 16)
                    .isCloseTo(System.currentTimeMillis(), org.assertj.core.data.Offset.offset(60_000L));
            assertThat(served.get("/").headers().first("x-request-id").orElseThrow())
                    .isGreaterThanOrEqualTo(told.substring(0, 8));
        }
    }

    @Test
    void aClientsIdIsKeptWhereThatIsWanted() {
        try (Served served = Served.with(
                Plugins.requestId(id -> id.keep(true).field("x-correlation-id").respond(false)))) {
            RawResponse response = served.get("/", "X-Correlation-Id: order-17/a.b_c");
            assertThat(served.seen().headers().all("x-correlation-id")).containsExactly("order-17/a.b_c");
            assertThat(response.headers().contains("x-correlation-id")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "<script>", "\u00e9", "a\tb", "${jndi:x}"})
    void anIdThatDoesNotLookLikeOneIsReplaced(String id) {
        try (Served served = Served.with(Plugins.requestId(each -> each.keep(true)))) {
            served.get("/", "X-Request-Id: " + id);
            served.get("/", "X-Request-Id: " + "a".repeat(129));
            assertThat(served.upstream().requests())
                    .allSatisfy(seen -> assertThat(UUID.fromString(
                                    seen.headers().first("x-request-id").orElseThrow()))
                            .isNotNull());
        }
    }
}
