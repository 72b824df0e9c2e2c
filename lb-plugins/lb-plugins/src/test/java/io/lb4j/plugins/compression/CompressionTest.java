package io.lb4j.plugins.compression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.UpstreamExchange;
import io.lb4j.testkit.server.RealServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that are compressed. */
final class CompressionTest {
    private static final String TEXT = "All that is said is said again. ".repeat(8_000);

    private static Served served(Answer answer, Consumer<CompressionBuilder> description) {
        return Served.with(script -> script.onAny().answer(answer), Plugins.compression(description));
    }

    private static Answer text() {
        return Answer.status(200)
                .header("Content-Type", "text/plain; charset=utf-8")
                .body(TEXT);
    }

    private static String decoded(RawResponse response) throws IOException {
        InputStream body = new ByteArrayInputStream(response.body().bytes());
        String coding = response.headers().first("content-encoding").orElse("identity");
        try (InputStream in = switch (coding) {
            case "gzip" -> new GZIPInputStream(body);
            case "br" -> new BrotliInputStream(body);
            case "zstd" -> new ZstdInputStream(body);
            default -> body;
        }) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyComesOutAsItWentIn(Coding coding) throws IOException {
        try (Served served = served(
                text().header("ETag", "\"1\"")
                        .header("Accept-Ranges", "bytes")
                        .header("Content-Digest", "sha-256=:AA==:"),
                c -> {})) {
            RawResponse response = served.get("/", "Accept-Encoding: " + coding.token());
            assertThat(response.headers().all("content-encoding")).containsExactly(coding.token());
            assertThat(response.headers().first("vary")).contains("Accept-Encoding");
            assertThat(response.headers().first("etag")).contains("W/\"1\"");
            assertThat(response.headers().contains("accept-ranges")).isFalse();
            assertThat(response.headers().contains("content-digest")).isFalse();
            assertThat(response.body().length()).isLessThan(TEXT.length() / 20);
            assertThat(decoded(response)).isEqualTo(TEXT);
        }
    }

    @Test
    void whatIsUnchangedIsNamedAsTheClientKnowsIt() {
        try (Served served = served(Answer.status(304).header("ETag", "\"1\""), c -> {})) {
            RawResponse response = served.get("/", "Accept-Encoding: gzip", "If-None-Match: \"0\", W/\"1\"");
            assertThat(response.status()).isEqualTo(304);
            assertThat(response.headers().all("etag")).containsExactly("W/\"1\"");
            assertThat(response.headers().first("vary")).contains("Accept-Encoding");
            RawResponse plain = served.get("/", "If-None-Match: \"1\"");
            assertThat(plain.headers().all("etag")).containsExactly("\"1\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotCompressAndComesInPiecesSurvivesToo(Coding coding) throws IOException {
        byte[] noise = new byte[300_000];
        new java.util.Random(7).nextBytes(noise);
        Answer answer = Answer.status(200)
                .header("Content-Type", "text/plain")
                .body(noise)
                .chunked()
                .trailer("x-sum", "1")
                .inPieces(50_000, Duration.ofMillis(1));
        try (Served served = served(answer, c -> {})) {
            RawResponse response = served.get("/", "Accept-Encoding: " + coding.token(), "TE: trailers");
            assertThat(response.trailers().first("x-sum")).contains("1");
            InputStream body = new ByteArrayInputStream(response.body().bytes());
            InputStream in = switch (coding) {
                case GZIP -> new GZIPInputStream(body);
                case BR -> new BrotliInputStream(body);
                case ZSTD -> new ZstdInputStream(body);
            };
            assertThat(in.readAllBytes()).isEqualTo(noise);
            in.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                              | gzip",
                "x-gzip                            | gzip",
                "gzip, br, zstd                    | zstd",
                "gzip;q=1.0, br;q=0.9              | gzip",
                "GZIP ; Q=0.5 , br ; q=0.8         | br",
                "*                                 | zstd",
                "zstd;q=0, *                       | br",
                "*;q=0.1, gzip;q=0.2               | gzip",
                "gzip;q=0                          | none",
                "*;q=0                             | none",
                "identity, gzip;q=0.5              | none",
                "identity;q=0.5, gzip;q=0.8        | gzip",
                "deflate, compress                 | none",
                "gzip;q=2, br;q=x                  | none",
                "gzip;level=9                      | none",
                ",, ,gzip,                         | gzip",
            })
    void theClientsWishCountsAndOfEqualsOurs(String accepted, String chosen) {
        try (Served served = served(text(), c -> {})) {
            RawResponse response = served.get("/", "Accept-Encoding: " + accepted);
            assertThat(response.headers().first("content-encoding").orElse("none"))
                    .isEqualTo(chosen);
            assertThat(response.headers().first("vary")).contains("Accept-Encoding");
        }
    }

    @Test
    void theOrderOfCodingsIsOurs() {
        try (Served served = served(text(), c -> c.codings(Coding.GZIP, Coding.BR))) {
            assertThat(served.get("/", "Accept-Encoding: br, gzip, zstd")
                            .headers()
                            .first("content-encoding"))
                    .contains("gzip");
            assertThat(served.get("/").text()).isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Encoding: br",
                "Cache-Control: max-age=1, No-Transform",
                "Content-Range: bytes 0-1/2",
                "Content-Type: image/png",
                "Content-Type: application/grpc+proto"
            })
    void whatMustNotOrNeedNotBeCompressedStaysAsItIs(String field) {
        String name = field.substring(0, field.indexOf(':'));
        Answer answer = Answer.status(200).header(name, field.substring(field.indexOf(':') + 2));
        if (!name.equals("Content-Type")) {
            answer = answer.header("Content-Type", "text/plain");
        }
        try (Served served = served(answer.body(TEXT), c -> c.types("text/*", "application/*"))) {
            RawResponse response = served.get("/", "Accept-Encoding: gzip");
            assertThat(response.text()).isEqualTo(TEXT);
            assertThat(response.headers().first("content-length")).contains("" + TEXT.length());
        }
    }

    @Test
    void smallBodiesPartialOnesAndThoseOfOtherStatusesStayAsTheyAre() {
        Answer small = Answer.status(200).header("Content-Type", "text/plain").body("x".repeat(1023));
        try (Served served = served(small, c -> {})) {
            assertThat(served.get("/", "Accept-Encoding: gzip").headers().contains("content-encoding"))
                    .isFalse();
        }
        Answer partial = Answer.status(206).header("Content-Type", "text/plain").body(TEXT);
        try (Served served = served(partial, c -> {})) {
            assertThat(served.get("/", "Accept-Encoding: gzip").text()).isEqualTo(TEXT);
        }
        try (Served served = served(Answer.status(304).header("ETag", "\"1\""), c -> {})) {
            assertThat(served.get("/", "Accept-Encoding: gzip").headers().first("etag"))
                    .contains("\"1\"");
        }
    }

    @Test
    void headSaysWhatGetWould() {
        Answer head = Answer.status(200)
                .header("Content-Type", "text/plain")
                .header("Content-Length", "256000")
                .header("ETag", "\"1\"");
        try (Served served =
                Served.with(script -> script.onAny().answer(head.unframed()), Plugins.compression(c -> {}))) {
            RawResponse response = served.ask(Served.request("HEAD", "/", "", "Accept-Encoding: gzip"));
            assertThat(response.headers().first("content-encoding")).contains("gzip");
            assertThat(response.headers().first("etag")).contains("W/\"1\"");
            assertThat(response.headers().contains("content-length")).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPieceIsSentBeforeTheNextOneComes(Coding coding) throws IOException {
        try (Served served = Served.with(
                        script -> script.onAny()
                                .raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                        + "Transfer-Encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n")
                                .perform(UpstreamExchange::flush)
                                .stall(),
                        Plugins.compression(c -> {}));
                RawClient client = served.connect()) {
            client.send(Served.request("GET", "/", "", "Accept-Encoding: " + coding.token()));
            client.readHead();
            byte[] piece = client.readUntil("\r\n").isEmpty() ? new byte[0] : client.read(1);
            assertThat(piece).hasSize(1);
            served.upstream().release();
        }
    }

    @Test
    void curlUnderstandsIt() throws IOException, InterruptedException {
        RealServer.require("curl");
        try (Served served = served(text().header("X-A", "b"), c -> c.codings(Coding.BR, Coding.GZIP))) {
            Process curl = new ProcessBuilder(
                            "curl",
                            "-s",
                            "--compressed",
                            "http://127.0.0.1:" + served.balancer().port() + "/")
                    .start();
            String got = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(curl.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(got).isEqualTo(TEXT);
            assertThat(served.seen().headers().first("accept-encoding").orElse(""))
                    .contains("gzip");
        }
    }

    @Test
    void faultsNameTheirPlace() {
        assertThatThrownBy(() ->
                        Plugins.compression(c -> c.types("text").gzipLevel(10).minSize(-1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("compression.types[0]")
                .hasMessageContaining("compression.gzip_level")
                .hasMessageContaining("compression.min_size");
    }
}
