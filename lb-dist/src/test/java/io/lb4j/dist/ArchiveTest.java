package io.lb4j.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked and started: libraries that no module needs are in it, and work with those that are. */
final class ArchiveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ADDRESS = Pattern.compile("main on 127\\.0\\.0\\.1:(\\d+)");
    private static final String TEXT = "Nothing is lost, nothing is created, everything is transformed. ".repeat(100);

    @TempDir
    static Path folder;

    /** What was sent to each path. */
    private static final Map<String, String> RECEIVED = new ConcurrentHashMap<>();

    private static HttpServer peer;
    private static Process server;
    private static Path output;
    private static int port;

    /** Starts the server from the archive, with one peer that is the endpoint and the receiver of spans and figures. */
    @BeforeAll
    static void start() throws IOException, InterruptedException {
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        peer.createContext("/", ArchiveTest::answer);
        peer.start();
        int peerPort = peer.getAddress().getPort();
        Path file = Files.writeString(folder.resolve("lb4j.yaml"), """
            listeners: {main: {port: 0}}
            clusters: {texts: {endpoints: ["127.0.0.1:%1$d"]}}
            routes: [{cluster: texts}]
            plugins:
              smaller: {use: {type: compression, codings: [br, zstd]}}
              traces: {use: {type: tracing, telemetry: environment}}
              figures: {use: {type: metrics_push, url: "http://127.0.0.1:%1$d/v1/metrics", interval: 200ms}}
            """.formatted(peerPort));
        output = folder.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(unpacked().resolve("bin/lb-server").toString(), file.toString());
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "LB4J_CDS",
                        "off",
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://127.0.0.1:" + peerPort,
                        "OTEL_BSP_SCHEDULE_DELAY",
                        "200"));
        server = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await().atMost(PATIENCE).until(() -> ADDRESS.matcher(written()).find() || !server.isAlive());
        Matcher address = ADDRESS.matcher(written());
        assertThat(address.find()).as(written()).isTrue();
        port = Integer.parseInt(address.group(1));
    }

    private static Path unpacked() throws IOException, InterruptedException {
        Path archive = Path.of(System.getProperty("lb4j.archive"));
        assertThat(new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", folder.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
            RECEIVED.put(exchange.getRequestURI().getPath(), body);
            byte[] text = TEXT.getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().add("content-type", "text/plain");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private static String written() throws IOException {
        return Files.readString(output);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.destroy();
        boolean isOver = server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        server.destroyForcibly().waitFor();
        peer.stop(0);
        assertThat(isOver).as("ends when it is asked to").isTrue();
    }

    private static HttpResponse<byte[]> get(String coding) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/text"))
                .header("accept-encoding", coding)
                .timeout(PATIENCE)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void assertCoding(HttpResponse<byte[]> response, String coding) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().allValues("content-encoding")).isEqualTo(List.of(coding));
        assertThat(response.body()).hasSizeLessThan(TEXT.length() / 10);
    }

    @Test
    void compressesByBrotli() throws Exception {
        HttpResponse<byte[]> response = get("br");

        assertCoding(response, "br");
        Brotli4jLoader.ensureAvailability();
        try (InputStream body = new BrotliInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(body).hasContent(TEXT);
        }
    }

    @Test
    void compressesByZstandard() throws Exception {
        HttpResponse<byte[]> response = get("zstd");

        assertCoding(response, "zstd");
        try (InputStream body = new ZstdInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(body).hasContent(TEXT);
        }
    }

    @Test
    void sendsSpansAsOpenTelemetrysVariablesSay() throws Exception {
        get("identity");

        await().atMost(PATIENCE).until(() -> RECEIVED.containsKey("/v1/traces"));
        assertThat(RECEIVED.get("/v1/traces")).contains("service.name", "lb4j", "http.request.method");
    }

    @Test
    void pushesFigures() {
        await().atMost(PATIENCE).until(() -> RECEIVED.containsKey("/v1/metrics"));
        assertThat(RECEIVED.get("/v1/metrics")).contains("\"resourceMetrics\"", "service.name");
    }
}
