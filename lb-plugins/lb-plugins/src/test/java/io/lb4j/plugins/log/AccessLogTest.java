package io.lb4j.plugins.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Part;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A line for each exchange that has ended. */
final class AccessLogTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("access.log");
    }

    private Served served(Consumer<AccessLogBuilder> description) {
        return Served.with(
                Plugins.requestId(id -> id.keep(true)), Plugins.accessLog(log -> description.accept(log.file(file()))));
    }

    /** Lines are written when the balancer has closed, at the latest. */
    private List<String> lines() throws IOException {
        return Files.readAllLines(file());
    }

    @Test
    void theLineSaysWhatTheClientHasAskedForWhateverTheRouteAndPluginsMakeOfIt() throws IOException {
        try (Served served = Served.with(
                script -> script.onAny().answer(200, "hello"),
                builder -> builder.route(
                                "old",
                                route -> route.path("/v1/**")
                                        .rewrite(change -> change.prefix("/new").host("inner.example"))
                                        .to("api"))
                        .route("gone", route -> route.path("/gone").respond(410))
                        .plugin(Plugins.apiKey(key -> key.client("billing", "k-8c1f0c6f2a9d4e07")
                                .query("k")
                                .optional()))
                        .plugin(Plugins.accessLog(log ->
                                log.file(file()).fullQuery().pattern("%{host} %{path} %{query} %{upstream_path}"))))) {
            served.get("/v1/x?a=1&k=k-8c1f0c6f2a9d4e07");
            assertThat(served.seen().target()).isEqualTo("/new/x?a=1");
            served.get("/gone");
        }
        assertThat(lines()).containsExactly("a.example /v1/x a=1 /new/x", "a.example /gone - -");
    }

    @Test
    void aLineOfJsonSaysWhoAskedForWhatAndWhatBecameOfIt() throws IOException {
        try (Served served = served(log -> {})) {
            served.get("/a/b?x=1&token=t0k3n", "X-Request-Id: r1", "User-Agent: tester", "X-Forwarded-For: 192.0.2.9");
        }
        String line = lines().get(0);
        assertThat(line)
                .startsWith("{\"time\":\"")
                .endsWith("}")
                .contains(
                        "\"request_id\":\"r1\"",
                        "\"client\":\"192.0.2.9\"",
                        "\"method\":\"GET\"",
                        "\"host\":\"a.example\"",
                        "\"path\":\"/a/b\"",
                        "\"query\":\"x=***&token=***\"",
                        "\"protocol\":\"HTTP/1.1\"",
                        "\"status\":200",
                        "\"response_bytes\":5",
                        "\"route\":\"all\"",
                        "\"cluster\":\"api\"",
                        "\"endpoint\":\"127.0.0.1:",
                        "\"tries\":1",
                        "\"user_agent\":\"tester\"")
                .doesNotContain("t0k3n", "referer", "reason");
        String time = line.substring(9, line.indexOf('"', 9));
        assertThat(Instant.parse(time)).isBetween(Instant.now().minusSeconds(120), Instant.now());
    }

    @Test
    void thePageThatAClientComesFromIsShownWithoutItsSecrets() throws IOException {
        try (Served served = served(log -> log.fields("referer", "request.referer"))) {
            served.get("/", "Referer: https://a.example/x?token=t0k3n&y=1");
            served.get("/", "Referer: https://a.example/x");
        }
        assertThat(lines())
                .containsExactly(
                        "{\"referer\":\"https://a.example/x?token=***&y=***\",\"request.referer\":\"https://a.example/x?token=***&y=***\"}",
                        "{\"referer\":\"https://a.example/x\",\"request.referer\":\"https://a.example/x\"}");
    }

    @Test
    void whatIsRefusedBeforeItHasARouteIsLoggedToo() throws IOException {
        try (Served served = served(log -> {})) {
            served.ask("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        }
        assertThat(lines().get(0)).contains("\"status\":400", "\"reason\":");
    }

    @Test
    void noClientCanForgeALineOrEndAQuotation() throws IOException {
        try (Served served = served(log -> log.fields("path", "user_agent", "request.x-a"))) {
            served.get("/%0a\"", "User-Agent: a\"}\\{\"status\":200", "X-A: \u00e9\u0085\t~");
        }
        assertThat(lines())
                .containsExactly("{\"path\":\"/%0A\\\"\",\"user_agent\":\"a\\\"}\\\\{\\\"status\\\":200\","
                        + "\"request.x-a\":\"\u00e9\\u0085\\u0009~\"}");
    }

    @Test
    void aPatternHidesWhatIsSecretAndEscapesTheRest() throws IOException {
        try (Served served = served(log -> log.pattern(
                        "%{client} \"%{method} %{path}\" %{status} \"%{user_agent}\" %{request.authorization} %{response.x-none}")
                .redact("authorization"))) {
            served.get("/", "User-Agent: x\" 500 \"\\", "Authorization: Basic abc");
        }
        assertThat(lines()).containsExactly("127.0.0.1 \"GET /\" 200 \"x\\x22 500 \\x22\\x5c\" *** -");
    }

    @Test
    void aQueryCanBeShownButForItsSecrets() throws IOException {
        try (Served served = served(log -> log.fields("query").fullQuery("key", "Pass"))) {
            served.get("/?a=1&k%65y=2&PASS=3&%zz=4&flag");
        }
        assertThat(lines()).containsExactly("{\"query\":\"a=1&k%65y=***&PASS=***&%zz=***&flag\"}");
    }

    @Test
    void rulesSayWhichShareIsLogged() throws IOException {
        try (Served served = Served.with(
                script -> {
                    script.on("/bad").answer(500);
                    script.onAny().answer(200);
                },
                Plugins.accessLog(log -> log.file(file())
                        .fields("path")
                        .rule(rule -> rule.status("500-599").share(1))
                        .rule(rule -> rule.slowerThan(Duration.ofMinutes(1)).share(1))
                        .rule(rule -> rule.paths("/health").methods("GET").share(0))))) {
            served.get("/health");
            served.get("/bad");
            served.get("/fine");
        }
        assertThat(lines()).containsExactly("{\"path\":\"/bad\"}", "{\"path\":\"/fine\"}");
    }

    @Test
    void aFileThatIsLargeOrGoneGivesWayToAnother() throws IOException {
        try (Served served = served(log -> log.pattern("%{path}").rotate(1024, 2))) {
            for (int i = 0; i < 40; i++) {
                served.get("/" + i + "x".repeat(97));
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(folder.resolve("access.log.2")));
            Path moved = folder.resolve("moved");
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                Files.move(file(), moved);
                return true;
            });
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                served.get("/after");
                return Files.exists(file());
            });
        }
        assertThat(folder.resolve("access.log.1")).exists();
        assertThat(folder.resolve("access.log.2")).exists();
        assertThat(folder.resolve("access.log.3")).doesNotExist();

        assertThat(lines()).contains("/after");
    }

    @Test
    void linesThatAreNotWrittenInTimeAreDroppedAndCountedAndNobodyWaits() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        List<String> written = new ArrayList<>(); // guarded by itself
        AppenderBase<ILoggingEvent> slow = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                synchronized (written) {
                    written.add(event.getFormattedMessage());
                }
            }
        };
        Logger logger = (Logger) LoggerFactory.getLogger("slow.access");
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(slow);
        slow.start();
        Part plugin = Plugins.accessLog(
                log -> log.logger("slow.access").fields("path").queue(5));
        try (Served served = Served.with(plugin)) {
            for (int i = 0; i < 20; i++) {
                assertThat(served.get("/{}" + i).status()).isEqualTo(200);
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Objects.requireNonNull(
                                            served.balancer().stats().plugins().get("plugins.access_log"))
                                    .metrics()
                                    .getOrDefault("dropped", 0L)
                            >= 14);
            release.countDown();
        }
        synchronized (written) {
            assertThat(written).hasSizeBetween(5, 6).first().isEqualTo("{\"path\":\"/{}0\"}");
        }
        logger.detachAppender(slow);
    }

    @Test
    void faultsNameTheirPlace() {
        assertThatThrownBy(() -> Plugins.accessLog(
                        log -> log.fields("stauts", "request.a b").rule(rule -> rule.status("99"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("access_log.fields[0]")
                .hasMessageContaining("access_log.fields[1]")
                .hasMessageContaining("access_log.rules[0].status[0]")
                .hasMessageContaining("access_log.rules[0].share");
        assertThatThrownBy(() -> Plugins.accessLog(log -> log.pattern("%{nothing}")))
                .hasMessageContaining("pattern");
        assertThatThrownBy(() -> Served.with(Plugins.accessLog(log -> log.file(folder.resolve("no/folder")))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot be written to");
    }
}
