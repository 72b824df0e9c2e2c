package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.config.Part;
import io.lb4j.http3.Http3;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.cache.HttpCache;
import io.lb4j.plugins.wasm.Wasm;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.tls.ClientTls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tech.kwik.flupke.Http3Client;

/** Plugins do the same whatever protocol a client speaks: HTTP/1.1 and HTTP/2 of the JDK's client, HTTP/3 of flupke's. */
final class PluginsOverProtocolsTest {
    private static final String LONG = "a text that can be made shorter, for it says the same again. ".repeat(200);
    private static final String PASSWORD_OF_ANN = "$2y$04$abcdefghijklmnopqrstuuag4znIU3XstJ/kXOzAIJBnYaf0FKTUi";

    /** What a client speaks. */
    enum Protocol {
        HTTP_1_1("HTTP/1.1"),
        HTTP_2("HTTP/2"),
        HTTP_3("HTTP/3");

        private final String text;

        Protocol(String text) {
            this.text = text;
        }

        HttpClient client() {
            if (this == HTTP_3) {
                return Http3Client.newBuilder().disableCertificateCheck().build();
            }
            return HttpClient.newBuilder()
                    .sslContext(ClientTls.trustAll().context())
                    .version(this == HTTP_2 ? Version.HTTP_2 : Version.HTTP_1_1)
                    .build();
        }
    }

    /** A balancer with plugins before an upstream, and a client of one protocol. */
    private static final class Place implements AutoCloseable {
        private final ScriptedUpstream upstream;
        private final LoadBalancer lb;
        private final HttpClient client;

        Place(Protocol protocol, Answer answer, Part... plugins) {
            upstream = ScriptedUpstream.start(
                    script -> script.keepBodies(1 << 20).onAny().answer(answer));
            var builder = LoadBalancer.builder()
                    .listener(
                            "main",
                            l -> l.port(0).tls(t -> t.selfSigned("localhost")).http3(Http3.defaults()))
                    .cluster("api", c -> c.endpoint("127.0.0.1", upstream.port()))
                    .route("all", r -> r.path("/**").to("api"))
                    .process(p -> p.eventLoops(1).drainTimeout(Duration.ofSeconds(5)));
            for (Part plugin : plugins) {
                builder.plugin(plugin);
            }
            lb = builder.start();
            client = protocol.client();
        }

        HttpRequest.Builder request(String path) {
            return HttpRequest.newBuilder(URI.create("https://localhost:" + lb.port() + path));
        }

        HttpResponse<byte[]> send(HttpRequest.Builder request) {
            try {
                return client.send(request.build(), BodyHandlers.ofByteArray());
            } catch (IOException e) {
                throw new AssertionError("no response", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }

        RecordedRequest seen() {
            return upstream.requests().get(upstream.requests().size() - 1);
        }

        @Override
        public void close() {
            lb.close();
            upstream.close();
        }
    }

    private static Answer answer(String body) {
        return Answer.status(200)
                .header("content-type", "text/plain")
                .header("server", "origin")
                .body(body);
    }

    private static String field(HttpResponse<?> response, String name) {
        return String.join(", ", response.headers().allValues(name));
    }

    @ParameterizedTest
    @EnumSource
    void headsAreChangedOnBothWays(Protocol protocol) {
        Part headers =
                Plugins.headers(h -> h.request(r -> r.set("x-tenant", "acme").remove("x-debug"))
                        .response(r -> r.remove("server").add("x-served-by", "edge")));
        try (Place place = new Place(protocol, answer("hello"), headers, Plugins.requestId(id -> {}))) {
            HttpResponse<byte[]> response = place.send(place.request("/").header("x-debug", "1"));

            assertThat(response.headers().firstValue("server")).isEmpty();
            assertThat(field(response, "x-served-by")).isEqualTo("edge");
            assertThat(place.seen().headers().first("x-tenant")).contains("acme");
            assertThat(place.seen().headers().first("x-debug")).isEmpty();
            assertThat(place.seen().headers().first("x-request-id")).contains(field(response, "x-request-id"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void pagesOfOtherOriginsAskFirst(Protocol protocol) {
        Part cors = Plugins.cors(c -> c.origins("https://app.example.com").methods("PUT"));
        try (Place place = new Place(protocol, answer("hello"), cors)) {
            HttpResponse<byte[]> preflight = place.send(place.request("/")
                    .method("OPTIONS", BodyPublishers.noBody())
                    .header("access-control-request-method", "PUT")
                    .header("origin", "https://app.example.com"));

            assertThat(preflight.statusCode()).isBetween(200, 204);
            assertThat(field(preflight, "access-control-allow-origin")).isEqualTo("https://app.example.com");
            assertThat(field(preflight, "access-control-allow-methods")).contains("PUT");
            assertThat(place.upstream.requests()).isEmpty();
            HttpResponse<byte[]> other = place.send(place.request("/").header("origin", "https://other.example.com"));
            assertThat(other.statusCode()).isEqualTo(200);
            assertThat(field(other, "access-control-allow-origin")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void responsesAreCompressedAndRequestsAreNotAnyMore(Protocol protocol) throws IOException {
        Part compression = Plugins.compression(c -> {});
        try (Place place = new Place(protocol, answer(LONG), compression, Plugins.decompression(d -> {}))) {
            HttpResponse<byte[]> response = place.send(place.request("/")
                    .POST(BodyPublishers.ofByteArray(zipped(LONG)))
                    .header("content-encoding", "gzip")
                    .header("accept-encoding", "gzip"));

            assertThat(field(response, "content-encoding")).isEqualTo("gzip");
            assertThat(response.body().length).isLessThan(LONG.length() / 10);
            assertThat(unzipped(response.body())).isEqualTo(LONG);
            assertThat(place.seen().awaitComplete().body().text()).isEqualTo(LONG);
            assertThat(place.seen().headers().first("content-encoding")).isEmpty();
        }
    }

    private static byte[] zipped(String text) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return zipped.toByteArray();
    }

    private static String unzipped(byte[] octets) throws IOException {
        try (GZIPInputStream unzip = new GZIPInputStream(new ByteArrayInputStream(octets))) {
            return new String(unzip.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSendsTooManyIsTold(Protocol protocol) {
        Part limit = Plugins.rateLimit(l -> l.requestsPerMinute(60).burstSize(2));
        try (Place place = new Place(protocol, answer("hello"), limit)) {
            assertThat(place.send(place.request("/")).statusCode()).isEqualTo(200);
            HttpResponse<byte[]> last = place.send(place.request("/"));
            assertThat(last.statusCode()).isEqualTo(200);
            assertThat(field(last, "ratelimit")).contains("r=0");
            HttpResponse<byte[]> refused = place.send(place.request("/"));
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("retry-after")).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoeverIsUnknownStaysOutside(Protocol protocol) {
        Part auth = Plugins.basicAuth(b -> b.user("ann", PASSWORD_OF_ANN));
        try (Place place = new Place(protocol, answer("hello"), auth)) {
            HttpResponse<byte[]> refused = place.send(place.request("/")
                    .header("x-authenticated-user", "ann")
                    .header("authorization", "Basic YW5uOndyb25n"));
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(field(refused, "www-authenticate")).startsWith("Basic realm=");
            assertThat(place.upstream.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsTooLargeIsRefused(Protocol protocol) {
        try (Place place = new Place(protocol, answer("hello"), Plugins.requestSize(s -> s.maxBody(1000)))) {
            assertThat(place.send(place.request("/").POST(BodyPublishers.ofByteArray(new byte[1000])))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(place.send(place.request("/").POST(BodyPublishers.ofByteArray(new byte[1001])))
                            .statusCode())
                    .isEqualTo(413);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsKeptIsNotAskedForAgain(Protocol protocol) {
        Answer fresh = answer(LONG).header("cache-control", "max-age=60");
        try (Place place = new Place(protocol, fresh, HttpCache.plugin(c -> {}))) {
            assertThat(place.send(place.request("/page")).body()).hasSize(LONG.length());
            HttpResponse<byte[]> kept = place.send(place.request("/page"));
            assertThat(new String(kept.body(), StandardCharsets.UTF_8)).isEqualTo(LONG);
            assertThat(place.upstream.requests())
                    .as(kept.headers().map().toString())
                    .hasSize(1);
            assertThat(kept.headers().firstValue("age")).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void modulesOfWebAssemblyAnswerAndLetIn(Protocol protocol) {
        Part auth = Wasm.plugin(
                w -> w.path(Path.of("../examples/wasm/custom-auth.wasm")).config("{\"tokens\": [\"sesame\"]}"));
        try (Place place = new Place(protocol, answer("hello"), auth)) {
            assertThat(place.send(place.request("/")).statusCode()).isEqualTo(401);
            assertThat(place.upstream.requests()).isEmpty();
            HttpResponse<byte[]> response = place.send(place.request("/").header("authorization", "Bearer sesame"));
            assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLogSaysWhatWasSpoken(Protocol protocol, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("access.log");
        Part log = Plugins.accessLog(l -> l.file(file).pattern("%{protocol} %{status}"));
        try (Place place = new Place(protocol, answer("hello"), log, Plugins.staticResponse(r -> r.status(203)))) {
            assertThat(place.send(place.request("/")).statusCode()).isEqualTo(203);
        }
        assertThat(Files.readString(file)).isEqualTo(protocol.text + " 203\n");
    }
}
