package io.lb4j.plugins.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Part;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.RawResponse;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How many requests there may be. The listener trusts 127.0.0.1, which the tests come from. */
final class RateLimitTest {
    private static RawResponse from(Served served, String client, String... more) {
        String[] lines = new String[more.length + 1];
        lines[0] = "X-Forwarded-For: " + client;
        System.arraycopy(more, 0, lines, 1, more.length);
        return served.get("/", lines);
    }

    @Test
    void whoSendsTooManyIsToldWhenToComeAgain() {
        try (Served served = Served.with(
                Plugins.rateLimit(limit -> limit.requestsPerMinute(2).burstSize(2)))) {
            RawResponse first = from(served, "192.0.2.1");
            assertThat(first.headers().first("ratelimit-policy")).contains("\"rate_limit\";q=2;w=60");
            assertThat(first.headers().first("ratelimit")).contains("\"rate_limit\";r=1;t=30");
            assertThat(from(served, "192.0.2.1").status()).isEqualTo(200);

            RawResponse refused = from(served, "192.0.2.1");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.headers().first("retry-after").orElseThrow()))
                    .isBetween(1, 30);
            assertThat(refused.headers().first("ratelimit").orElseThrow()).startsWith("\"rate_limit\";r=0;t=");
            assertThat(served.upstream().requestCount()).isEqualTo(2);
            assertThat(from(served, "192.0.2.2").status()).isEqualTo(200);
            assertThat(Objects.requireNonNull(
                                    served.balancer().stats().plugins().get("plugins.rate_limit"))
                            .metrics())
                    .containsEntry("limited", 1L)
                    .containsEntry("keys", 2L);
        }
    }

    @Test
    void aNetworkOfIpv6IsOneClient() {
        try (Served served = Served.with(Plugins.rateLimit(limit -> limit.requestsPerMinute(1)))) {
            assertThat(from(served, "2001:db8:0:1::1").status()).isEqualTo(200);
            assertThat(from(served, "2001:db8:0:1:ffff::2").status()).isEqualTo(429);
            assertThat(from(served, "2001:db8:0:2::1").status()).isEqualTo(200);
        }
        try (Served served = Served.with(Plugins.rateLimit(
                limit -> limit.requestsPerMinute(1).ipv6Prefix(60).fields(RateLimitOptions.Fields.NONE)))) {
            assertThat(from(served, "2001:db8:0:10::1").headers().contains("ratelimit"))
                    .isFalse();
            assertThat(from(served, "2001:db8:0:1f::1").status()).isEqualTo(429);
            assertThat(from(served, "2001:db8:0:20::1").status()).isEqualTo(200);
        }
    }

    @Test
    void requestsAreCountedByAFieldAndThoseWithoutItTogether() {
        Part plugin = Plugins.rateLimit(limit -> limit.requestsPerSecond(1)
                .slidingWindow()
                .by("header:x-tenant")
                .fields(RateLimitOptions.Fields.SEPARATE));
        try (Served served = Served.with(plugin)) {
            RawResponse response = from(served, "192.0.2.1", "X-Tenant: a");
            assertThat(response.headers().first("ratelimit-limit")).contains("1");
            assertThat(response.headers().first("ratelimit-remaining")).contains("0");
            assertThat(response.headers().contains("ratelimit-reset")).isTrue();
            assertThat(from(served, "192.0.2.1", "X-Tenant: b" + "x".repeat(1_000))
                            .status())
                    .isEqualTo(200);
            assertThat(from(served, "192.0.2.1").status()).isEqualTo(200);
        }
    }

    @Test
    void anIdentityIsFoundOutFirst() {
        String key = "k-0123456789abcdef";
        try (Served served = Served.with(
                Plugins.apiKey(a -> a.client("billing", key).client("other", key + "2")),
                Plugins.rateLimit(limit -> limit.requestsPerMinute(1).by("identity")))) {
            assertThat(from(served, "192.0.2.1", "X-API-Key: " + key).status()).isEqualTo(200);
            assertThat(from(served, "192.0.2.2", "X-API-Key: " + key).status()).isEqualTo(429);
            assertThat(from(served, "192.0.2.1", "X-API-Key: " + key + "2").status())
                    .isEqualTo(200);
            assertThat(from(served, "192.0.2.1").status()).isEqualTo(401);
        }
    }

    @Test
    void twoLimitsBothTell() {
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(
                                Plugins.rateLimit(limit -> limit.requestsPerMinute(100)), use -> use.name("minute"))
                        .plugin(
                                Plugins.rateLimit(
                                        limit -> limit.requestsPerSecond(50).by("all")),
                                use -> use.name("second")))) {
            assertThat(from(served, "192.0.2.1").headers().all("ratelimit-policy"))
                    .containsExactlyInAnyOrder("\"minute\";q=100;w=60", "\"second\";q=50;w=1");
        }
    }

    @Test
    void aLimitOutlivesAnUpdateThatLeavesItAlone() {
        try (Served served = Served.with(Plugins.rateLimit(limit -> limit.requestsPerMinute(1)))) {
            assertThat(from(served, "192.0.2.1").status()).isEqualTo(200);
            served.balancer().update(served.balancer().configuration());
            assertThat(from(served, "192.0.2.1").status()).isEqualTo(429);
        }
    }

    @Test
    void faultsNameTheirPlace() {
        assertThatThrownBy(() -> Plugins.rateLimit(limit -> {}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("exactly one of requests_per_minute, requests_per_second");
        assertThatThrownBy(() -> Plugins.rateLimit(limit ->
                        limit.requestsPerMinute(0).slidingWindow().burstSize(5).by("cookie:x")))
                .hasMessageContaining("rate_limit.requests_per_minute")
                .hasMessageContaining("rate_limit.burst_size")
                .hasMessageContaining("rate_limit.by");
    }
}
