package io.lb4j.plugins.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Part;
import io.lb4j.plugins.PluginPage;
import io.lb4j.plugins.Served;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.server.RedisServer;
import io.lb4j.testkit.time.TimeBound;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that a fleet has in common, on a real Redis. */
final class RedisRateLimitTest {
    private static final String PLACE = "plugins.redis_rate_limit";
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private static Served served(RedisServer redis, Consumer<RedisRateLimitBuilder> description) {
        return Served.with(limit(redis, description));
    }

    private static Part limit(RedisServer redis, Consumer<RedisRateLimitBuilder> description) {
        return Redis.rateLimit(limit -> {
            limit.url(redis.url()).timeout(Duration.ofSeconds(20)).by("header:x-key");
            description.accept(limit);
        });
    }

    private static RawResponse ask(Served served, String key) {
        return served.get("/", "X-Key: " + key);
    }

    private static int status(Served served, String key) {
        return ask(served, key).status();
    }

    private static long fallbacks(Served served) {
        return fallbacks(served, PLACE);
    }

    private static long fallbacks(Served served, String place) {
        return plugin(served, place).metrics().getOrDefault("fallbacks", 0L);
    }

    private static PluginStatistics plugin(Served served) {
        return plugin(served, PLACE);
    }

    private static PluginStatistics plugin(Served served, String place) {
        return Objects.requireNonNull(served.balancer().stats().plugins().get(place));
    }

    /** Waits until requests are counted on Redis. */
    private static void awaitRedis(Served served) {
        awaitRedis(served, PLACE, "/");
    }

    private static void awaitRedis(Served served, String place, String path) {
        await().atMost(PATIENT).until(() -> {
            long before = fallbacks(served, place);
            served.get(path, "X-Key: probe" + System.nanoTime());
            return fallbacks(served, place) == before;
        });
    }

    private static String command(RedisServer redis, String line) throws IOException {
        try (Socket socket =
                new Socket(redis.address().getAddress(), redis.address().getPort())) {
            socket.getOutputStream().write((line + "\r\nQUIT\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoBalancersLetNoMoreThroughThanOne(boolean slides) {
        Consumer<RedisRateLimitBuilder> five = limit -> {
            limit.requestsPerMinute(5);
            if (slides) {
                limit.slidingWindow();
            }
        };
        try (RedisServer redis = RedisServer.start();
                Served one = served(redis, five);
                Served other = served(redis, five)) {
            awaitRedis(one);
            awaitRedis(other);
            int allowed = 0;
            for (int i = 0; i < 6; i++) {
                allowed += status(one, "k") == 200 ? 1 : 0;
                allowed += status(other, "k") == 200 ? 1 : 0;
            }
            // While the test runs a token may have come back.
            assertThat(allowed).isBetween(5, slides ? 5 : 7);
            RawResponse refused = ask(one, "k");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.headers().first("retry-after").orElseThrow()))
                    .isBetween(1, 66);
            assertThat(refused.headers().first("ratelimit-policy")).contains("\"redis_rate_limit\";q=5;w=60");
            assertThat(status(other, "another")).isEqualTo(200);
        }
    }

    @Test
    void limitsOfTwoRoutesAreTwoWhateverTheirNames() {
        try (RedisServer redis = RedisServer.start();
                Served served = Served.with(
                        script -> script.onAny().answer(200),
                        builder -> builder.route(
                                        "few",
                                        route -> route.path("/few")
                                                .to("api")
                                                .plugin(limit(redis, limit -> limit.requestsPerMinute(1))))
                                .route(
                                        "many",
                                        route -> route.path("/many")
                                                .to("api")
                                                .plugin(limit(redis, limit -> limit.requestsPerMinute(100)))))) {
            for (String route : List.of("few", "many")) {
                String place = "routes." + route + ".plugins.redis_rate_limit";
                awaitRedis(served, place, "/" + route);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(served.get("/many", "X-Key: k").status()).isEqualTo(200);
            }
            assertThat(served.get("/few", "X-Key: k").status()).isEqualTo(200);
            assertThat(served.get("/few", "X-Key: k").status()).isEqualTo(429);
        }
    }

    @Test
    void keysGoByThemselvesAndScriptsAreToldAgain() throws IOException {
        try (RedisServer redis = RedisServer.start();
                Served served = served(redis, limit -> limit.requestsPerSecond(1_000))) {
            awaitRedis(served);
            assertThat(command(redis, "SCRIPT FLUSH")).startsWith("+OK");
            long before = fallbacks(served);
            assertThat(status(served, "k")).isEqualTo(200);
            assertThat(fallbacks(served)).isEqualTo(before);
            await().atMost(PATIENT).until(() -> command(redis, "DBSIZE").startsWith(":0"));
        }
    }

    @Test
    void whileRedisIsAwayRequestsAreCountedHereAndThenThereAgain() {
        try (RedisServer redis = RedisServer.start();
                Served served =
                        served(redis, limit -> limit.requestsPerMinute(2).burstSize(2))) {
            awaitRedis(served);
            redis.kill();
            long before = fallbacks(served);
            assertThat(status(served, "a")).isEqualTo(200);
            assertThat(status(served, "a")).isEqualTo(200);
            assertThat(status(served, "a")).isEqualTo(429);
            assertThat(fallbacks(served)).isEqualTo(before + 3);
            redis.restart();
            awaitRedis(served);
            assertThat(status(served, "a")).isEqualTo(200);
        }
    }

    @TimeBound
    @Test
    void thatRedisIsAwayIsSaidOfThePluginAlsoWhereNobodyAsks() {
        try (RedisServer redis = RedisServer.start();
                Served served = served(redis, limit -> limit.requestsPerMinute(2))) {
            awaitRedis(served);
            assertThat(plugin(served).isDegraded()).isFalse();
            assertThat(plugin(served).dependencies()).containsOnlyKeys("redis");
            redis.kill();
            await().atMost(PATIENT).until(() -> plugin(served).isDegraded());
            assertThat(Objects.requireNonNull(plugin(served).dependencies().get("redis"))
                            .trouble()
                            .orElseThrow())
                    .contains("requests are dealt with by LOCAL");
            redis.restart();
            await().atMost(PATIENT).until(() -> !plugin(served).isDegraded());
        }
    }

    @Test
    void aRedisThatHangsCostsItsTimeoutOnlyAFewTimes() {
        try (RedisServer redis = RedisServer.start();
                Served served = served(
                        redis,
                        limit -> limit.requestsPerSecond(1_000)
                                .timeout(Duration.ofMillis(200))
                                .allowWhenAway())) {
            awaitRedis(served);
            redis.server().signal("STOP");
            assertThat(ask(served, "k").headers().first("ratelimit")).contains("\"redis_rate_limit\";r=1000;t=0");
            long began = System.nanoTime();
            for (int i = 0; i < 30; i++) {
                assertThat(status(served, "k")).isEqualTo(200);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
            redis.server().signal("CONT");
            awaitRedis(served);
        }
    }

    @Test
    void aRedisThatWasNeverThereRefusesWhereThatIsWanted() {
        String gone;
        try (RedisServer redis = RedisServer.start()) {
            gone = redis.url();
        }
        try (Served served = Served.with(
                Redis.rateLimit(limit -> limit.url(gone).requestsPerMinute(5).refuseWhenAway()))) {
            assertThat(served.get("/").status()).isEqualTo(429);
        }
    }

    @Test
    void aPasswordLetsInAndAWrongOneDoesNot() {
        try (RedisServer redis = RedisServer.start("s3cr3t");
                Served right = served(redis, limit -> limit.requestsPerMinute(5).password("s3cr3t"));
                Served wrong = served(redis, limit -> limit.requestsPerMinute(5).password("other"))) {
            awaitRedis(right);
            assertThat(status(wrong, "k")).isEqualTo(200);
            assertThat(fallbacks(wrong)).isPositive();
        }
    }

    @Test
    void faultsNameTheirPlaceAndThePluginIsDocumented(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> Redis.rateLimit(limit -> limit.url("redis://:pass@host:1")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("redis_rate_limit.url")
                .hasMessageContaining("exactly one of requests_per_minute");
        PluginPage.requireChapter(new RedisRateLimitFactory());
        PluginPage.requireExamples(folder, "import io.lb4j.plugins.redis.Redis;", "redis_rate_limit");
    }
}
