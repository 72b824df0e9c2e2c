package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.Payload;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Dial;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both codecs, back to back between foreign clients and an endpoint. */
class RelayTest {
    private static final Path CURL = Path.of("/usr/bin/curl");
    private static final long LARGE = 16L << 20;

    private final ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
        script.on("/large").answer(Answer.status(200).payload(LARGE));
        script.on("/large-chunked").answer(Answer.status(200).payload(LARGE).chunked());
        script.on("/trailers").answer(Answer.status(200).body("hello").chunked().trailer("X-Sum", "1"));
        script.on("/until-close").answer(Answer.status(200).body("hello").untilClose());
        script.on("/hints").inform(103, "Link", "<x>").answer(200, "hello");
        script.on("/cut").answer(Answer.status(200).body("hello").truncateBody(3));
        script.onAny().answer(200, "hello");
    });
    private final SocketServer server = new SocketServer(Http1Limits.defaults(), Optional.empty(), this::relay);

    private Relay relay(LoopContext loop) {
        return new Relay(loop, (each, events, onConnected) -> {
            Http1ClientConnection connection = new Http1ClientConnection(each, events, Http1Limits.defaults());
            SocketClient.bootstrap(each, upstream.port(), Optional.empty(), connection)
                    .addListener(connected -> onConnected.accept(connection));
        });
    }

    @AfterEach
    void close() {
        server.close();
        upstream.close();
    }

    @Test
    void carriesManyRequestsOverFewConnections() {
        try (RawClient client = RawClient.connect(server.port())) {
            for (int i = 0; i < 100; i++) {
                client.send("GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponse().text()).isEqualTo("hello");
            }
        }
        assertThat(upstream.requestCount()).isEqualTo(100);
        assertThat(upstream.connections().accepted()).isOne();
        assertThat(upstream.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/large", "/large-chunked"})
    void carriesALargeResponse(String path) {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
            RawResponse response = client.readResponse();

            assertThat(response.wasTruncated()).isFalse();
            assertThat(response.body().length()).isEqualTo(LARGE);
            assertThat(response.body().crc32c()).isEqualTo(Payload.crc32c(LARGE));
        }
    }

    @Test
    void carriesALargeResponseToASlowReader() {
        try (RawClient client = RawClient.connect(Dial.to(server.port()).receiveBuffer(8 << 10))) {
            client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readUntil("\r\n\r\n");
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            client.skip(LARGE);
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readResponse().text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void carriesALargeRequest(boolean chunked) throws IOException, InterruptedException {
        byte[] body = Payload.bytes((int) LARGE);
        HttpRequest.BodyPublisher publisher = HttpRequest.BodyPublishers.ofByteArray(body);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/upload"))
                .version(HttpClient.Version.HTTP_1_1)
                .POST(chunked ? HttpRequest.BodyPublishers.fromPublisher(publisher) : publisher)
                .build();

        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

        assertThat(response.body()).isEqualTo("hello");
        RecordedRequest recorded = upstream.awaitRequest().awaitComplete();
        assertThat(recorded.body().length()).isEqualTo(LARGE);
        assertThat(recorded.body().crc32c()).isEqualTo(Payload.crc32c(LARGE));
        assertThat(recorded.headers().contains("content-length")).isNotEqualTo(chunked);
    }

    @Test
    void carriesTrailersAndHintsAndBodiesThatEndWithTheConnection() {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET /trailers HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().trailers().first("x-sum")).hasValue("1");
            client.send("GET /hints HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().informational()).hasSize(1);
            client.send("GET /until-close HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().text()).isEqualTo("hello");
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().text()).isEqualTo("hello");
        }
    }

    @Test
    void passesATruncationOn() {
        try (RawClient client = RawClient.connect(server.port())) {
            client.send("GET /cut HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(client.readResponse().wasTruncated()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--http1.0",
                "--head",
                "--http2",
                "-X DELETE",
                "-d x=y",
                "-H Expect:100-continue -d x=y",
                "-H Transfer-Encoding:chunked -d x=y",
                "--http2 -d x=y",
            })
    void servesCurl(String options) throws IOException, InterruptedException {
        assumeThat(Files.isExecutable(CURL)).as("curl is installed").isTrue();
        List<String> command = new ArrayList<>(List.of(CURL.toString(), "-sS", "-i", "--max-time", "10"));
        options.lines()
                .flatMap(line -> List.of(line.split(" ")).stream())
                .filter(word -> !word.isEmpty())
                .forEach(command::add);
        command.add("http://127.0.0.1:" + server.port() + "/");

        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

        assertThat(curl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("HTTP/1.1 200 OK\r\n");
        assertThat(output.endsWith("hello")).isEqualTo(!options.equals("--head"));
        assertThat(curl.exitValue()).isZero();
        assertThat(upstream.violations()).isEmpty();
    }
}
