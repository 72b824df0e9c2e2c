package io.lb4j.plugins.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.Served;
import io.lb4j.stats.PluginStatistics;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Figures that are sent to a receiver of OTLP. The receiver is a scripted HTTP server, not a collector. */
final class MetricsPushTest {
    private static final Pattern ONE_ACCEPTED =
            Pattern.compile("\"name\":\"lb4j.connections.accepted\",[^}]*\"sum\":\\{\"isMonotonic\":true,"
                    + "\"aggregationTemporality\":2,\"dataPoints\":\\[\\{\"attributes\":\\[\\{\"key\":\"listener\","
                    + "\"value\":\\{\"stringValue\":\"main\"}}\\],[^}]*\"asDouble\":1.0}\\]");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Served served(String registry, Consumer<? super MetricsPushBuilder> description) {
        return Served.with(
                script -> script.onAny().answer(200, "hello"),
                builder -> builder.plugin(Metrics.prometheus(
                                m -> m.registry(registry).buckets(Duration.ofMillis(100), Duration.ofMinutes(1))))
                        .plugin(Metrics.push(push -> {
                            push.registry(registry).interval(Duration.ofMillis(100));
                            description.accept(push);
                        })));
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port + "/v1/metrics";
    }

    private static PluginStatistics statistics(Served served, String name) {
        return Objects.requireNonNull(served.balancer().stats().plugins().get("plugins." + name));
    }

    private static long figure(Served served, String name) {
        return statistics(served, "metrics_push").metrics().getOrDefault(name, 0L);
    }

    private static RecordedRequest awaitDocument(ScriptedUpstream receiver, Predicate<String> wanted) {
        return await().atMost(PATIENCE)
                .until(
                        () -> receiver.requests().stream()
                                .filter(each -> each.state() == RecordedRequest.State.COMPLETE
                                        && wanted.test(each.body().text()))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    @Test
    void figuresAreSentAsOtlpInJson() {
        try (ScriptedUpstream receiver =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "{}"));
                Served served = served(
                        "pushed",
                        push -> push.url(url(receiver.port()))
                                .header("authorization", "Bearer t")
                                .attribute("service.name", "shop")
                                .attribute("host \"x\"", "a\\b"))) {
            served.get("/");
            served.get("/");
            RecordedRequest request = awaitDocument(receiver, text -> text.contains("\"count\":\"2\""));

            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.target()).isEqualTo("/v1/metrics");
            assertThat(request.headers().first("content-type")).contains("application/json");
            assertThat(request.headers().first("authorization")).contains("Bearer t");
            assertThat(request.body().text())
                    .startsWith("{\"resourceMetrics\":[{\"resource\":{\"attributes\":["
                            + "{\"key\":\"service.name\",\"value\":{\"stringValue\":\"shop\"}},"
                            + "{\"key\":\"host \\\"x\\\"\",\"value\":{\"stringValue\":\"a\\\\b\"}}]}")
                    .containsPattern("\\{\"name\":\"lb4j.requests\",\"description\":\"[^\"]+\",\"unit\":\"s\","
                            + "\"histogram\":\\{\"aggregationTemporality\":2,\"dataPoints\":\\[")
                    .contains("{\"key\":\"status\",\"value\":{\"stringValue\":\"200\"}}")
                    .containsPattern(
                            "\"startTimeUnixNano\":\"\\d{19}\",\"timeUnixNano\":\"\\d{19}\",\"count\":\"2\",\"sum\":[0-9.E-]+,"
                                    + "\"bucketCounts\":\\[\"\\d\",\"\\d\",\"0\"\\],\"explicitBounds\":\\[0.1,60.0\\]")
                    .containsPattern(
                            "\"name\":\"lb4j.response.body\",\"description\":\"[^\"]+\",\"unit\":\"By\","
                                    + "\"sum\":\\{\"isMonotonic\":true,\"aggregationTemporality\":2,\"dataPoints\":\\[.*\"asDouble\":10.0")
                    .doesNotContain("\"key\":\"endpoint\"");
            await().atMost(PATIENCE).until(() -> figure(served, "pushes") > 0);
            assertThat(figure(served, "pushes_failed")).isZero();
        }
    }

    @Test
    void whatTheBalancerCountsIsSentTooAndOnceOnly() {
        try (ScriptedUpstream receiver =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "{}"));
                Served served = served("whole", push -> push.url(url(receiver.port())));
                PrometheusFigures shown =
                        PrometheusFigures.of("whole", () -> served.balancer().stats())) {
            served.get("/");
            assertThat(shown.text("")).contains("lb4j_connections_accepted_total");
            // What is in one document was counted one after the other: in the first the request may be, and its
            // connection not yet.
            String text = awaitDocument(
                            receiver,
                            each -> each.contains("\"count\":\"1\"")
                                    && ONE_ACCEPTED.matcher(each).find())
                    .body()
                    .text();
            assertThat(text)
                    .contains("\"name\":\"lb4j.upstream.connections\"", "\"name\":\"lb4j.plugin.calls\"")
                    .contains("\"name\":\"lb4j.uptime.seconds\"");
        }
    }

    @Test
    void withoutTheBalancersOwnFiguresThoseOfExchangesAreSentAlone() {
        try (ScriptedUpstream receiver =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "{}"));
                Served served =
                        served("alone", push -> push.url(url(receiver.port())).balancer(false))) {
            served.get("/");
            String text = awaitDocument(receiver, each -> each.contains("\"count\":\"1\""))
                    .body()
                    .text();
            assertThat(text).contains("lb4j.requests").doesNotContain("lb4j.connections", "lb4j.uptime");
        }
    }

    @Test
    void aReceiverThatSaysNoIsToldOfOnceAndAskedAgain() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.lb4j.internal.control.PluginNeed");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        try (ScriptedUpstream receiver = ScriptedUpstream.start(script -> {
                    script.onAny().times(3).answer(503);
                    script.onAny().answer(200);
                });
                Served served = served("refused", push -> push.url(url(receiver.port())))) {
            await().atMost(PATIENCE).until(() -> figure(served, "pushes") > 0);
            assertThat(figure(served, "pushes_failed")).isEqualTo(3);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(statistics(served, "metrics_push").isDegraded())
                                    .isFalse());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(List.copyOf(log.list))
                            .filteredOn(line -> line.getFormattedMessage().contains(":" + receiver.port() + "/"))
                            .extracting(ILoggingEvent::getFormattedMessage)
                            .containsExactly(
                                    "plugin plugins.metrics_push is degraded: receiver: figures cannot be pushed to "
                                            + url(receiver.port())
                                            + ": java.io.IOException: status: 503 (expected: 2xx)"));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null); // that of what is above it
        }
    }

    @Test
    void aReceiverThatNeverAnswersCostsExchangesNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Served served = served(
                        "silent", push -> push.url(url(silent.getLocalPort())).timeout(Duration.ofMillis(300)))) {
            await().atMost(PATIENCE).until(() -> {
                assertThat(served.get("/").status()).isEqualTo(200);
                return figure(served, "pushes_failed") >= 2;
            });
            assertThat(statistics(served, "metrics").errors()).isZero();
            assertThat(Objects.requireNonNull(statistics(served, "metrics_push")
                                    .dependencies()
                                    .get("receiver"))
                            .trouble()
                            .orElseThrow())
                    .contains("figures cannot be pushed");
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        for (String address : List.of("collector:4318", "ftp://collector/", "http://u:p@collector/")) {
            assertThatThrownBy(() -> Metrics.push(push -> push.url(address)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("metrics_push.url")
                    .hasMessageContaining("http://collector:4318/v1/metrics");
        }
        assertThatThrownBy(() -> Metrics.push(push -> {})).hasMessageContaining("metrics_push.url: missing");
    }
}
