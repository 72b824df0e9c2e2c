package io.lb4j.plugins.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancerBuilder;
import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.PluginPage;
import io.lb4j.plugins.Served;
import io.lb4j.stats.CertificateStatistics;
import io.lb4j.stats.Statistics;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.server.RealServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures of exchanges, and the page that shows them. */
final class MetricsTest {
    /** A line of the text format: a name, labels, a value. */
    private static final Pattern SAMPLE =
            Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"(\\\\.|[^\"\\\\\n"
                    + "])*\",?)*})? (NaN|[+-]?Inf|[-+0-9.eE]+)( # .*)?");

    private static LoadBalancerBuilder paged(LoadBalancerBuilder builder, String registry) {
        return builder.plugin(Metrics.prometheus(
                        m -> m.registry(registry).maxSeries(10).buckets(Duration.ofMillis(100), Duration.ofSeconds(1))))
                .route(
                        "metrics",
                        route -> route.path("/metrics").respond(404).plugin(Metrics.page(p -> p.registry(registry))));
    }

    private static Served served(String registry) {
        return Served.with(
                script -> {
                    script.on("/bad").close();
                    script.onAny().answer(200, "hello");
                },
                builder -> paged(builder, registry));
    }

    private static String awaitFigure(Served served, String sample) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> served.get("/metrics").text().contains(sample));
        return served.get("/metrics").text();
    }

    @Test
    void exchangesAreCountedByWhatTheyWere() {
        try (Served served = served("counted")) {
            served.get("/");
            served.post("body");
            served.get("/bad");
            String labels =
                    "cluster=\"api\",endpoint=\"\",listener=\"main\",method=\"GET\",protocol=\"HTTP/1.1\",route=\"all\"";
            String text = awaitFigure(served, "lb4j_requests_seconds_count{" + labels + ",status=\"502\"} 1");

            assertThat(text)
                    .contains("lb4j_requests_seconds_count{" + labels + ",status=\"200\"} 1")
                    .contains("lb4j_requests_seconds_bucket{" + labels + ",status=\"200\",le=\"1.0\"}")
                    .contains(
                            "lb4j_request_body_bytes_total{cluster=\"api\",endpoint=\"\",listener=\"main\",route=\"all\"}"
                                    + " 4.0")
                    .contains(
                            "lb4j_response_body_bytes_total{cluster=\"api\",endpoint=\"\",listener=\"main\",route=\"all\"}")
                    .containsPattern(
                            "lb4j_failures_total\\{cluster=\"api\",endpoint=\"\",listener=\"main\",reason=\"[a-z_]+\",route=\"all\"}"
                                    + " 1.0")
                    .contains("# TYPE lb4j_requests_seconds histogram");
            assertThat(text.lines().filter(line -> !line.startsWith("#")))
                    .allMatch(line -> SAMPLE.matcher(line).matches());
        }
    }

    /** Prometheus' registry refuses a second meter of a name whose labels are others. */
    @Test
    void pluginsThatShareARegistryNeedNotAgreeWhetherEndpointsAreToldApart() {
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(Metrics.prometheus(m -> m.registry("mixed")))
                        .plugin(Metrics.prometheus(m -> m.registry("mixed").endpoints(true)), use -> use.name("each"))
                        .route(
                                "metrics",
                                route -> route.path("/metrics")
                                        .respond(404)
                                        .plugin(Metrics.page(p -> p.registry("mixed")))))) {
            served.get("/");
            String rest = "listener=\"main\",method=\"GET\",protocol=\"HTTP/1.1\",route=\"all\",status=\"200\"} 1";
            String text = awaitFigure(served, "{cluster=\"api\",endpoint=\"\"," + rest);
            assertThat(text)
                    .containsPattern("lb4j_requests_seconds_count\\{cluster=\"api\",endpoint=\"127.0.0.1:\\d+\","
                            + Pattern.quote(rest));
        }
    }

    @Test
    void thePageSpeaksTheFormatThatIsWanted() {
        try (Served served = served("formats")) {
            RawResponse text = served.get("/metrics");
            assertThat(text.headers().first("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
            RawResponse open = served.get(
                    "/metrics",
                    "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3");
            assertThat(open.headers().first("content-type"))
                    .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
            assertThat(open.text()).endsWith("# EOF\n");
            assertThat(served.ask(Served.request("POST", "/metrics", "x")).status())
                    .isEqualTo(405);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/openmetrics-text",
                "Application/OpenMetrics-Text; version=1.0.0",
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                "text/plain, application/openmetrics-text",
                "application/openmetrics-text;version=1.0.0;q=0.1,application/openmetrics-text;version=0.0.1 ; Q = 0.9 ,text/plain;q=0.5"
            })
    void openMetricsIsForThoseWhoLikeItAsMuch(String accept) {
        assertThat(PrometheusFigures.contentType(accept)).startsWith("application/openmetrics-text; version=1.0.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "application/*",
                "application/openmetrics-text;q=0",
                "application/openmetrics-text;q=0.000, */*",
                "text/plain;version=0.0.4,application/openmetrics-text;q=0.5",
                "application/openmetrics-text-2"
            })
    void othersGetPrometheusOwnFormat(String accept) {
        assertThat(PrometheusFigures.contentType(accept)).startsWith("text/plain; version=0.0.4");
    }

    /** With everything on the page: exchanges that went well and that failed, and all that the balancer counts itself. */
    @Test
    void prometheusOwnToolFindsNothingWrongWithThePage(@TempDir Path folder) throws IOException, InterruptedException {
        RealServer.require("promtool");
        try (Served served = served("judged")) {
            served.get("/");
            served.post("body");
            served.get("/bad");
            awaitFigure(served, "status=\"502\"");
            String page;
            try (PrometheusFigures all = PrometheusFigures.of("judged", served.balancer()::stats)) {
                page = all.text("");
            }
            assertThat(page).contains("lb4j_endpoints", "lb4j_requests_seconds_bucket", "lb4j_failures_total");
            Path figures = Files.writeString(folder.resolve("figures.txt"), page);
            Path verdict = folder.resolve("verdict.txt");
            Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                    .redirectInput(figures.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(verdict.toFile())
                    .start();
            assertThat(promtool.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(verdict)).isEmpty();
            assertThat(promtool.exitValue()).isZero();
        }
    }

    @Test
    void whatClientsSendMakesNoSeriesWithoutEnd() {
        try (Served served = served("bounded")) {
            for (int i = 0; i < 30; i++) {
                served.ask(Served.request("M" + i, "/p" + i, ""));
            }
            String text = awaitFigure(served, "method=\"other\"");
            assertThat(text.lines().filter(line -> line.startsWith("lb4j_requests_seconds_count")))
                    .hasSizeLessThanOrEqualTo(3);
            assertThat(text).doesNotContain("M1");
        }
    }

    @Test
    void combinationsBeyondTheBoundAreCountedTogether() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Served served = Served.with(
                script -> {
                    for (int status = 200; status < 240; status++) {
                        script.on("/" + status).answer(status);
                    }
                },
                builder -> paged(builder, "beyond").plugin(Metrics.into(registry), use -> use.name("own")))) {
            for (int status = 200; status < 220; status++) {
                served.get("/" + status);
            }
            String text = awaitFigure(served, "route=\"other\"");
            assertThat(text.lines().filter(line -> line.startsWith("lb4j_requests_seconds_count")))
                    .hasSize(11);
            assertThat(text).containsPattern("lb4j_series_overflow_total [1-9]");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> registry.find("lb4j.requests").timers().size() >= 20);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void figuresGoOnWhenAnotherPluginOfTheSameRegistryGoes() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Served stays =
                Served.with(script -> script.onAny().answer(200), builder -> builder.plugin(Metrics.into(registry)))) {
            try (Served goes = Served.with(
                    script -> script.onAny().answer(200), builder -> builder.plugin(Metrics.into(registry)))) {
                stays.get("/");
                goes.get("/");
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> registry.get("lb4j.requests").timer().count() == 2);
            }
            stays.get("/");
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            registry.find("lb4j.requests").timers().stream().anyMatch(timer -> timer.count() > 0));
            assertThat(registry.get("lb4j.response.body").counters()).hasSize(1);
        }
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void whatTheBalancerCountsItselfFollowsItsConfiguration() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Served served = served("own")) {
            BalancerMeters meters = BalancerMeters.of(served.balancer()::stats);
            meters.bindTo(registry);
            served.get("/");
            meters.refresh();
            assertThat(registry.get("lb4j.connections.accepted")
                            .tag("listener", "main")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(registry.get("lb4j.endpoints")
                            .tag("cluster", "api")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(registry.find("lb4j.plugin.calls").functionCounters()).hasSize(2);

            served.balancer()
                    .update(io.lb4j.LoadBalancer.builder()
                            .listener("main", listener -> listener.port(0))
                            .route("all", route -> route.path("/**").respond(200))
                            .configuration());
            meters.refresh();
            assertThat(registry.find("lb4j.endpoints").gauges()).isEmpty();
            assertThat(registry.find("lb4j.plugin.calls").functionCounters()).isEmpty();
            meters.close();
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void howLongCertificatesLastIsTold() {
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        CertificateStatistics.Held held = new CertificateStatistics.Held(
                "an authority", "0a", now.minus(Duration.ofDays(60)), now.plus(Duration.ofDays(30)), false);
        List<CertificateStatistics> certificates = List.of(
                new CertificateStatistics(List.of("a.test", "b.test"), Optional.of(held), now, 2, 3, Optional.empty()),
                new CertificateStatistics(
                        List.of("c.test"), Optional.empty(), now.plusSeconds(60), 0, 0, Optional.empty()));
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Served served = served("certificates")) {
            Statistics own = served.balancer().stats();
            Statistics told = new Statistics(
                    own.since(),
                    now,
                    own.configurations(),
                    own.listeners(),
                    own.routes(),
                    own.clusters(),
                    own.plugins(),
                    own.configuration(),
                    certificates);
            BalancerMeters.of(() -> told).bindTo(registry);
        }
        Function<String, Double> first = name ->
                registry.get(name).tag("certificate", "a.test,b.test").gauge().value();
        assertThat(first.apply("lb4j.certificate.left.seconds")).isEqualTo(30 * 86_400.0);
        assertThat(first.apply("lb4j.certificate.left.ratio")).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(first.apply("lb4j.certificate.self.signed")).isZero();
        assertThat(first.apply("lb4j.certificate.failures")).isEqualTo(2);
        assertThat(first.apply("lb4j.certificate.hurried")).isEqualTo(3);
        assertThat(registry.get("lb4j.certificate.self.signed")
                        .tag("certificate", "c.test")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(registry.get("lb4j.certificate.left.seconds").gauges()).hasSize(1);
    }

    @Test
    void thePluginsAreDocumented(@TempDir Path folder) throws IOException {
        PluginPage.requireChapter(new MetricsFactory());
        PluginPage.requireChapter(new MetricsPageFactory());
        PluginPage.requireChapter(new MetricsPushFactory());
        String imports = "import io.lb4j.plugins.metrics.Metrics;\nimport java.time.Duration;";
        PluginPage.requireExamples(folder, imports, "metrics", "metrics_page", "metrics_push");
        assertThatThrownBy(() -> Metrics.prometheus(m -> m.maxSeries(1).registry("a b")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("metrics.max_series")
                .hasMessageContaining("metrics.registry");
        assertThat(List.of(new MetricsFactory().name(), new MetricsPageFactory().name()))
                .containsExactly("metrics", "metrics_page");
    }
}
