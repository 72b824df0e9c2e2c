package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.config.ConfigurationException;
import io.lb4j.http.RequestHead;
import io.lb4j.server.admin.AdminServer;
import io.lb4j.server.admin.Administered;
import io.lb4j.server.config.AdminOptions;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.Plugin;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the administration tells of faults. */
final class FaultsPageTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final String BEARER = "authorization: Bearer " + TOKEN;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private LoadBalancer balancer;
    private AdminServer server;
    private AdminDeskClient admin;

    /** A plugin that cannot begin where its configuration says why, and else fails at every exchange. */
    private static final class Broken implements Plugin {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void init(Map<String, Object> config) {
            if (config.containsKey("reason")) {
                throw new IllegalArgumentException(String.valueOf(config.get("reason")));
            }
        }

        @Override
        public Filter filter(FilterExchange exchange) {
            return new Filter() {
                @Override
                public Verdict onRequestHead(FilterExchange at, RequestHead head, boolean end) {
                    throw new IllegalStateException("broken");
                }
            };
        }
    }

    private static LoadBalancerBuilder balancer() {
        return LoadBalancer.builder()
                .listener("main", l -> l.port(0))
                .route("hello", r -> r.path("/**").respond(200));
    }

    @BeforeEach
    void start() {
        balancer = balancer()
                .plugin(
                        new Broken(),
                        use -> use.outAfter(1, Duration.ofMinutes(1)).retryAfter(Duration.ofMillis(1)))
                .start();
        server = AdminServer.start(
                Administered.of(balancer), AdminOptions.of(a -> a.port(0).token(TOKEN)));
        admin = new AdminDeskClient(server.port());
    }

    @AfterEach
    void end() {
        server.close();
        balancer.close();
    }

    private JsonNode faults() {
        return AdminDeskClient.json(admin.get("/faults", BEARER));
    }

    private void refuse(String reason) {
        var broken = balancer()
                .plugin(new Broken(), use -> use.config(Map.of("reason", reason)))
                .configuration();
        assertThatThrownBy(() -> balancer.update(broken)).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void areForThoseWhoMayKnow() {
        assertThat(admin.get("/faults").status()).isEqualTo(401);
        assertThat(admin.get("/faults", "authorization: Bearer " + TOKEN + "0").status())
                .isEqualTo(401);
        assertThat(admin.get("/faults", BEARER, "sec-fetch-site: cross-site").status())
                .isEqualTo(403);
        assertThat(admin.send("POST", "/faults", "", BEARER, "content-type: application/json")
                        .status())
                .isEqualTo(405);
    }

    @Test
    void areNoneWhileAllIsWell() {
        RawResponse none = admin.get("/faults", BEARER);

        assertThat(none.status()).isEqualTo(200);
        assertThat(none.headers().first("content-type")).contains("application/json");
        assertThat(none.headers().first("cache-control")).contains("no-store");
        assertThat(none.text().strip()).isEqualTo("[]");
    }

    @Test
    void sayWhenWhatAndWhetherItIsOver() {
        Instant before = Instant.now();
        refuse("no file");
        try (RawClient client = RawClient.connect(balancer.port())) {
            await().atMost(PATIENCE).until(() -> {
                client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").readResponse();
                return faults().findValuesAsText("over").contains("true");
            });
        }

        JsonNode faults = faults();
        JsonNode first = faults.get(faults.size() - 1);
        assertThat(first.fieldNames()).toIterable().containsExactly("at", "kind", "over", "text");
        assertThat(Instant.parse(first.path("at").asText())).isBetween(before, Instant.now());
        assertThat(first.path("kind").asText()).isEqualTo("configuration_refused");
        assertThat(first.path("over").isBoolean()).isTrue();
        assertThat(first.path("text").asText())
                .startsWith("configuration refused: ")
                .contains("plugins.broken: cannot begin: no file");
        JsonNode second = faults.get(faults.size() - 2);
        assertThat(second.path("kind").asText()).isEqualTo("plugin_taken_out");
        assertThat(second.path("over").asBoolean()).isFalse();
        assertThat(second.path("text").asText())
                .isEqualTo("plugin plugins.broken is taken out for 0 s: it has failed too often");
        JsonNode third = faults.get(faults.size() - 3);
        assertThat(third.path("kind").asText()).isEqualTo("plugin_tried_again");
        assertThat(third.path("over").asBoolean()).isTrue();
        assertThat(third.path("text").asText()).isEqualTo("plugin plugins.broken is tried again");
    }

    @Test
    void areTheLastHundredTheLatestFirst() {
        for (int i = 0; i < 103; i++) {
            refuse("reason " + i + ".");
        }

        List<String> texts = faults().findValuesAsText("text");
        assertThat(texts).hasSize(100);
        assertThat(texts.get(0)).contains("reason 102.");
        assertThat(texts.get(99)).contains("reason 3.");
    }

    @Test
    void areShortHoweverMuchIsWrong() {
        refuse("x".repeat(1 << 20));

        String text = faults().get(0).path("text").asText();
        assertThat(text).hasSizeLessThan(20_000).contains("cannot begin: xxx").endsWith(" characters more");
        assertThat(balancer.stats().configuration().lastRefusal().orElseThrow()).hasSizeGreaterThan(1 << 20);
    }
}
