package io.lb4j.plugins.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.plugins.PluginPage;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spans of exchanges. */
final class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String PARENT = "traceparent: 00-" + TRACE + "-" + SPAN + "-01";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();

    @AfterEach
    void close() {
        telemetry.close();
    }

    private Served served(Consumer<TracingBuilder> description) {
        return served(telemetry, description);
    }

    private static Served served(OpenTelemetry telemetry, Consumer<TracingBuilder> description) {
        return Served.with(
                script -> {
                    script.on("/bad").close();
                    script.on("/missing").answer(404);
                    script.onAny().answer(200, "hello");
                },
                builder -> builder.plugin(Tracing.with(telemetry, description)));
    }

    private SpanData first(SpanKind kind) {
        await().atMost(Duration.ofSeconds(60)).until(() -> !find(kind).isEmpty());
        return find(kind).get(0);
    }

    private List<SpanData> find(SpanKind kind) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getKind() == kind)
                .toList();
    }

    private static Object value(SpanData span, String name) {
        return span.getAttributes().asMap().entrySet().stream()
                .filter(entry -> entry.getKey().getKey().equals(name))
                .<Object>map(java.util.Map.Entry::getValue)
                .findFirst()
                .orElse("none");
    }

    @Test
    void theClientsTraceGoesOnToTheEndpoint() {
        try (Served served = served(t -> {})) {
            served.get("/a?secret=1", PARENT, "tracestate: vendor=1", "User-Agent: tester");
            SpanData client = first(SpanKind.CLIENT);
            SpanData server = first(SpanKind.SERVER);

            assertThat(server.getTraceId()).isEqualTo(TRACE);
            assertThat(server.getParentSpanId()).isEqualTo(SPAN);
            assertThat(server.getName()).isEqualTo("GET all");
            assertThat(client.getParentSpanId()).isEqualTo(server.getSpanId());
            assertThat(served.seen().headers().all("traceparent"))
                    .containsExactly("00-" + TRACE + "-" + client.getSpanId() + "-01");
            assertThat(served.seen().headers().all("tracestate")).containsExactly("vendor=1");
            assertThat(value(server, "url.path")).isEqualTo("/a");
            assertThat(value(server, "http.response.status_code")).isEqualTo(200L);
            assertThat(value(server, "user_agent.original")).isEqualTo("tester");
            assertThat(value(server, "lb4j.cluster")).isEqualTo("api");
            assertThat(value(client, "server.address")).isEqualTo("127.0.0.1");
            assertThat(server.getAttributes().toString()).doesNotContain("secret");
            assertThat(server.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.example:8443, a.example, 8443",
        "a.example, a.example, none",
        "[2001:db8::1]:80, 2001:db8::1, 80",
        "[::1], ::1, none"
    })
    void theHostAndItsPortAreTwo(String authority, String host, String port) {
        try (Served served = served(t -> {})) {
            served.ask("GET / HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
            SpanData server = first(SpanKind.SERVER);
            assertThat(value(server, "server.address")).isEqualTo(host);
            assertThat(value(server, "server.port")).hasToString(port);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "traceparent: ff-" + TRACE + "-" + SPAN + "-01",
                "traceparent: 00-" + TRACE + "-xyz-01",
                PARENT + "\r\n" + PARENT
            })
    void aTraceThatIsMalformedOrNamedTwiceIsNone(String line) {
        try (Served served = served(t -> {})) {
            served.get("/", line, "tracestate: vendor=1");
            SpanData server = first(SpanKind.SERVER);
            assertThat(server.getTraceId()).isNotEqualTo(TRACE);
            assertThat(server.getParentSpanContext().isValid()).isFalse();
            assertThat(served.seen().headers().all("traceparent"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains(server.getTraceId());
            assertThat(served.seen().headers().contains("tracestate")).isFalse();
        }
    }

    @Test
    void aStrangersTraceIsLinkedOrIgnoredWhereThatIsWanted() {
        try (Served served = served(TracingBuilder::link)) {
            served.get("/", PARENT);
            SpanData server = first(SpanKind.SERVER);
            assertThat(server.getTraceId()).isNotEqualTo(TRACE);
            assertThat(server.getLinks())
                    .singleElement()
                    .satisfies(link ->
                            assertThat(link.getSpanContext().getTraceId()).isEqualTo(TRACE));
        }
        exporter.reset();
        try (Served served = served(TracingBuilder::ignoreClients)) {
            served.get("/", PARENT);
            assertThat(first(SpanKind.SERVER).getLinks()).isEmpty();
        }
    }

    @Test
    void failuresAreErrorsOnTheSideThatHasThem() {
        try (Served served = served(t -> {})) {
            served.get("/missing");
            assertThat(first(SpanKind.CLIENT).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(first(SpanKind.SERVER).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            exporter.reset();
            served.get("/bad");
            SpanData client = first(SpanKind.CLIENT);
            SpanData server = first(SpanKind.SERVER);
            assertThat(server.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(value(server, "error.type")).isEqualTo("upstream_closed");
            assertThat(client.getAttributes().get(AttributeKey.longKey("http.request.resend_count")))
                    .isPositive();
        }
    }

    @Test
    void whatNoEndpointWasAskedHasNoSpanOfAClient() {
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder ->
                        builder.plugin(Tracing.with(telemetry)).plugin(Plugins.ipAccess(a -> a.deny("127.0.0.0/8"))))) {
            served.ask(Served.request("FOO", "/", ""));
            SpanData server = first(SpanKind.SERVER);
            assertThat(server.getName()).isEqualTo("_OTHER all");
            assertThat(value(server, "http.response.status_code")).isEqualTo(403L);
            assertThat(find(SpanKind.CLIENT)).isEmpty();
        }
    }

    @Test
    void withoutAnSdkATraceStillPasses() {
        try (Served served = served(OpenTelemetry.noop(), t -> {})) {
            served.get("/", PARENT);
            assertThat(served.seen().headers().all("traceparent")).containsExactly("00-" + TRACE + "-" + SPAN + "-01");
        }
    }

    @Test
    void withoutAnSdkLogsSayTheClientsTraceOrNone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("access.log");
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(Tracing.with(OpenTelemetry.noop()))
                        .plugin(Plugins.accessLog(log -> log.file(file).fields("trace_id"))))) {
            served.get("/", PARENT);
            served.get("/");
        }
        assertThat(file).hasContent("{\"trace_id\":\"" + TRACE + "\"}\n{}");
    }

    @Test
    void logsSayWhichTraceItWas(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("access.log");
        try (Served served = Served.with(
                script -> script.onAny().answer(200),
                builder -> builder.plugin(Tracing.with(telemetry))
                        .plugin(Plugins.accessLog(log -> log.file(file).fields("trace_id"))))) {
            served.get("/", PARENT);
        }
        assertThat(file).hasContent("{\"trace_id\":\"" + TRACE + "\"}");
    }

    @Test
    void thePluginIsDocumented(@TempDir Path folder) throws IOException {
        PluginPage.requireChapter(new TracingFactory());
        PluginPage.requireExamples(folder, "import io.lb4j.plugins.tracing.Tracing;", "tracing");
    }
}
