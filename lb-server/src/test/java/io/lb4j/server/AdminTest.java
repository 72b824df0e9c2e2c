package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the administration tells and does. */
final class AdminTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ScriptedUpstream upstream;
    private Path file;
    private Server server;
    private AdminDeskClient admin;

    @BeforeEach
    void start() throws IOException {
        upstream = ScriptedUpstream.start(script -> script.onAny().answer(200, "ok"));
        file = Files.writeString(folder.resolve("lb4j.yaml"), configuration("api"));
        server = Server.start(ConfigurationFile.at(file));
        admin = new AdminDeskClient(server.admin().orElseThrow().port());
    }

    private String configuration(String route) {
        return """
                admin: {port: 0}
                listeners: {main: {port: 0}}
                clusters: {api: {endpoints: ["127.0.0.1:%d"]}}
                routes: [{name: %s, path: /**, cluster: api}]
                plugins: {ids: {use: request_id, config: {}}, auth: {enabled: false, config: {secret: hunter2}}}
                """.formatted(upstream.port(), route);
    }

    @AfterEach
    void end() {
        server.close();
        upstream.close();
    }

    private int ask() {
        try (RawClient client = RawClient.connect(server.balancer().port())) {
            return client.send("GET /x?token=hunter2 HTTP/1.1\r\nhost: a\r\n\r\n")
                    .readResponse()
                    .status();
        }
    }

    private String endpoint() {
        return "127.0.0.1:" + upstream.port();
    }

    @Test
    void tellsWhetherTheProcessIsWell() throws IOException {
        assertThat(admin.get("/health/live").status()).isEqualTo(200);
        assertThat(admin.json("/health/ready").path("status").asText()).isEqualTo("up");
        JsonNode health = admin.json("/health");
        assertThat(health.path("status").asText()).isEqualTo("up");
        assertThat(health.path("components").fieldNames())
                .toIterable()
                .contains("configuration", "listener main", "cluster api");

        String dependency = "/components/cluster api/dependencies/endpoint " + endpoint();
        assertThat(health.at(dependency).asText()).isEqualTo("up");

        admin.post("/endpoints/api/" + endpoint() + "/drain", "{}");
        Files.writeString(file, "listeners: {main: {port: none}}");
        server.reload("test");

        JsonNode degraded = admin.json("/health");
        assertThat(degraded.path("status").asText()).isEqualTo("degraded");
        assertThat(degraded.at(dependency).asText()).isEqualTo("degraded");
        assertThat(degraded.at("/components/configuration/troubles/0").asText())
                .contains("listeners.main.port: \"none\"", "lb4j.yaml:1:26");
    }

    @Test
    void tellsTheStatistics() {
        assertThat(ask()).isEqualTo(200);

        await().atMost(PATIENCE)
                .until(() -> admin.json("/stats")
                                .at("/clusters/api/traffic/status_classes/2")
                                .asLong()
                        == 1);
        assertThat(admin.json("/clusters/api")
                        .at("/endpoints/" + endpoint() + "/traffic/requests")
                        .asLong())
                .isEqualTo(1);
        assertThat(admin.json("/listeners").at("/main/traffic/latency/p50").isNumber())
                .isTrue();
        JsonNode recent = admin.json("/stats").path("recent");
        assertThat(recent.path("seconds").asDouble()).isPositive();
        for (String place :
                new String[] {"/listeners/main", "/routes/api", "/clusters/api", "/endpoints/api/" + endpoint()}) {
            assertThat(recent.at(place).path("requests").asLong()).as(place).isEqualTo(1);
            assertThat(recent.at(place).at("/latency/p99").asDouble()).as(place).isPositive();
        }
        assertThat(admin.json("/routes").has("api")).isTrue();
        assertThat(admin.json("/plugins").has("plugins.ids")).isTrue();
        assertThat(admin.json("/certificates").isArray()).isTrue();
        assertThat(admin.json("/discovery").has("api")).isTrue();
        assertThat(admin.get("/clusters/none").status()).isEqualTo(404);
    }

    @Test
    void tellsPrometheus() {
        assertThat(ask()).isEqualTo(200);

        RawResponse page = admin.get("/metrics");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().first("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(page.text()).contains("lb4j_configurations_applied_total 1", "lb4j_endpoints{cluster=\"api\"} 1");
        assertThat(admin.get("/metrics", "accept: application/openmetrics-text").text())
                .endsWith("# EOF\n");
    }

    @Test
    void showsADashboardThatLoadsNothingFromElsewhere() {
        RawResponse page = admin.get("/", "sec-fetch-site: cross-site");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().first("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
                .doesNotContain("unsafe", "http:", "https:");
        assertThat(page.text()).doesNotContain("<script>", "style=", "//", "onclick");
        for (String part : List.of("/dashboard.js", "/dashboard.css", "/uplot.js", "/uplot.css")) {
            assertThat(page.text()).contains('"' + part + '"');
            assertThat(admin.get(part).status()).isEqualTo(200);
        }
        assertThat(admin.get("/dashboard.js").text()).doesNotContain("innerHTML", "eval(", "http:", "https:");
    }

    @Test
    void actsOnEndpoints() {
        String place = "/endpoints/api/" + endpoint();

        assertThat(admin.post(place + "/drain", "").status()).isEqualTo(200);
        assertThat(ask()).isEqualTo(503);
        assertThat(admin.json("/endpoints")
                        .at("/api/" + endpoint() + "/draining")
                        .asBoolean())
                .isTrue();
        assertThat(admin.json("/health")
                        .at("/components/cluster api/troubles/0")
                        .asText())
                .isEqualTo("no endpoint of 1 is well");
        assertThat(admin.post(place + "/restore", "{}").status()).isEqualTo(200);
        assertThat(ask()).isEqualTo(200);
        assertThat(admin.post(place + "/eject", "{\"time\": \"1h\"}").status()).isEqualTo(200);
        assertThat(admin.json("/endpoints")
                        .at("/api/" + endpoint() + "/ejected")
                        .asBoolean())
                .isTrue();
        assertThat(admin.post(place + "/weight", "{\"weight\": 7}").status()).isEqualTo(200);
        assertThat(admin.json("/endpoints").at("/api/" + endpoint() + "/weight").asInt())
                .isEqualTo(7);
        assertThat(admin.post("/endpoints/api/10.0.0.1:1/drain", "").status()).isEqualTo(404);
    }

    @Test
    void saysWhatIsWrongWithABody() {
        RawResponse refused = admin.post("/endpoints/api/" + endpoint() + "/weight", "{\"weigth\": -1}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.headers().first("content-type")).contains("application/problem+json");
        JsonNode problem = AdminDeskClient.json(refused);
        assertThat(problem.path("title").asText()).isEqualTo("Bad Request");
        assertThat(problem.at("/faults/0/nearest").asText()).isEqualTo("weight");
        assertThat(problem.path("faults")).hasSize(1);
    }

    @Test
    void showsTheConfigurationWithoutItsSecrets() {
        RawResponse shown = admin.get("/config");

        assertThat(AdminDeskClient.json(shown).at("/listeners/0/name").asText()).isEqualTo("main");
        assertThat(AdminDeskClient.json(shown).at("/plugins/1/config").asText()).isEqualTo("***");
        assertThat(shown.text()).doesNotContain("hunter2");
    }

    @Test
    void putsAConfigurationInForceAndGoesBack() {
        String next = configuration("web");

        RawResponse tried = admin.send("POST", "/config?dry_run=true", next, "content-type: application/yaml");
        assertThat(AdminDeskClient.json(tried).at("/result").asText()).isEqualTo("valid");
        assertThat(AdminDeskClient.json(tried).at("/changes/0/path").asText()).startsWith("routes.");
        assertThat(server.configurations().versions()).hasSize(1);

        RawResponse applied = admin.send("POST", "/config", next, "content-type: application/yaml; charset=utf-8");
        assertThat(AdminDeskClient.json(applied).at("/version").asLong()).isEqualTo(2);
        assertThat(admin.json("/routes").has("web")).isTrue();
        assertThat(AdminDeskClient.json(admin.send("POST", "/config", next, "content-type: application/yaml"))
                        .at("/result")
                        .asText())
                .isEqualTo("unchanged");
        assertThat(admin.json("/config/difference?from=1").at("/to").asLong()).isEqualTo(2);
        assertThat(admin.json("/config/versions/1").at("/routes/0/name").asText())
                .isEqualTo("api");

        assertThat(AdminDeskClient.json(admin.post("/config/rollback", "{\"version\": 1}"))
                        .at("/version")
                        .asLong())
                .isEqualTo(3);
        assertThat(admin.json("/routes").has("api")).isTrue();
        assertThat(admin.json("/config/versions").at("/versions/2/cause").asText())
                .isEqualTo("rollback to 1");
        assertThat(admin.post("/config/rollback", "{\"version\": 77}").status()).isEqualTo(404);
    }

    @Test
    void refusesAConfigurationWithFaultsAndKeepsWhatIsInForce() {
        RawResponse refused =
                admin.send("POST", "/config", "listeners: {main: {colour: red}}", "content-type: application/yaml");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(AdminDeskClient.json(refused).at("/faults").findValuesAsText("path"))
                .containsExactly("listeners.main.port", "listeners.main.colour");
        assertThat(ask()).isEqualTo(200);
    }

    @Test
    void tellsOfAThousandFaultsAndHowManyMoreThereAre() throws IOException {
        String wrong = IntStream.range(0, 1_500)
                .mapToObj(i -> "c" + i + ": {endpoint: x}\n  ")
                .collect(Collectors.joining("", "clusters:\n  ", "\n"));

        JsonNode refused = AdminDeskClient.json(admin.send("POST", "/config", wrong, "content-type: application/yaml"));
        Files.writeString(file, wrong);
        int status = admin.post("/config/reload", "").status();

        int all = 1_000 + refused.path("faults_left_out").asInt();
        assertThat(refused.path("faults")).hasSize(1_000);
        assertThat(all).isGreaterThan(1_499);
        assertThat(status).isEqualTo(422);
        JsonNode last = admin.json("/config/versions").path("last_refusal");
        assertThat(last.path("faults")).hasSize(1_000);
        assertThat(last.path("message").asText())
                .startsWith(all + " faults in the configuration:\n")
                .endsWith("\n... and " + (all - 100) + " more");
    }

    @Test
    void readsTheFilesAgainWhenItIsAsked() throws IOException {
        Files.writeString(file, configuration("web"));

        assertThat(admin.post("/config/reload", "").status()).isEqualTo(200);

        assertThat(admin.json("/routes").has("web")).isTrue();
    }

    @Test
    void letsExchangesBeWatchedWithoutTheirSecrets() {
        try (RawClient watcher = RawClient.connect(admin.port())) {
            watcher.send("GET /tap?status=2xx&per_second=100 HTTP/1.1\r\nhost: localhost\r\n\r\n");
            assertThat(watcher.readUntil("\r\n\r\n")).contains("200 OK", "text/event-stream");
            watcher.readUntil(": tap");
            ask();
            watcher.readUntil("event: exchange\n");
            String sample = watcher.readUntil("\n\n");
            assertThat(sample).contains("\"route\":\"api\"", "\"path\":\"/x\"").doesNotContain("hunter2");
        }
        assertThat(admin.get("/tap?status=abc").status()).isEqualTo(400);
        assertThat(admin.get("/tap?per_second=0").status()).isEqualTo(400);
    }

    @Test
    void tellsWhatThreadsDoAndWhatThereIs() {
        assertThat(admin.json("/debug/threads").findValuesAsText("name"))
                .anyMatch(name -> name.startsWith("lb4j-admin"));
        JsonNode document = admin.json("/openapi.json");
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(document.at("/paths").has("/endpoints/{cluster}/{address}/weight"))
                .isTrue();
        assertThat(admin.get("/none").status()).isEqualTo(404);
        assertThat(admin.post("/stats", "").status()).isEqualTo(405);
        assertThat(admin.send("HEAD", "/stats", "").status()).isEqualTo(200);
        assertThat(admin.get("/logging").status()).isEqualTo(409);
    }

    @Test
    void movesWithTheConfigurationAndStaysWhereItCannotMove() throws IOException {
        int before = admin.port();
        Files.writeString(
                file, configuration("api").replace("admin: {port: 0}", "admin: {port: %d}".formatted(upstream.port())));
        server.reload("test");
        assertThat(server.configurations().lastRefusal().orElseThrow().message())
                .contains("admin: cannot bind");
        int now = server.admin().orElseThrow().port();
        assertThat(new AdminDeskClient(now).get("/health/live").status()).isEqualTo(200);

        Files.writeString(file, configuration("api").replace("admin: {port: 0}", ""));
        server.reload("test");
        assertThat(server.admin()).isEmpty();
        assertThat(before).isPositive();
    }
}
