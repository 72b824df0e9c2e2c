package io.lb4j.plugins.compression;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.lb4j.plugins.Plugins;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are decompressed. */
final class DecompressionTest {
    private static final byte[] TEXT =
            "All that is said is said again. ".repeat(1_000).getBytes(StandardCharsets.UTF_8);

    private static Served served(Consumer<DecompressionBuilder> description) {
        return Served.with(script -> script.onAny().sink(), Plugins.decompression(description));
    }

    private static byte[] encoded(Coding coding, byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Brotli4jLoader.ensureAvailability();
        try (OutputStream out = switch (coding) {
            case GZIP -> new GZIPOutputStream(bytes);
            case BR -> new BrotliOutputStream(bytes);
            case ZSTD -> new ZstdOutputStream(bytes);
        }) {
            out.write(body);
        }
        return bytes.toByteArray();
    }

    private static RawResponse post(Served served, String coding, byte[] body) {
        try (RawClient client = served.connect()) {
            return client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: " + coding + "\r\nContent-Length: "
                            + body.length + "\r\n\r\n")
                    .send(body)
                    .readResponse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theEndpointGetsWhatTheClientMeant(Coding coding) throws IOException {
        try (Served served = served(d -> {})) {
            assertThat(post(served, coding.token(), encoded(coding, TEXT)).status())
                    .isEqualTo(200);
            assertThat(served.seen().body().bytes()).isEqualTo(TEXT);
            assertThat(served.seen().headers().contains("content-encoding")).isFalse();
            byte[] noise = new byte[200_000];
            new Random(5).nextBytes(noise);
            assertThat(post(served, coding.token(), encoded(coding, noise)).status())
                    .isEqualTo(200);
            assertThat(served.seen().body().bytes()).isEqualTo(noise);
            assertThat(post(served, coding.token(), encoded(coding, new byte[0]))
                            .status())
                    .isEqualTo(200);
            assertThat(served.seen().body().length()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsCutOrBrokenIsRefused(Coding coding) throws IOException {
        try (Served served = served(d -> {})) {
            byte[] whole = encoded(coding, TEXT);
            assertThat(post(served, coding.token(), Arrays.copyOf(whole, whole.length - 1))
                            .status())
                    .isEqualTo(400);
            assertThat(post(served, coding.token(), Arrays.copyOf(whole, whole.length / 2))
                            .status())
                    .isEqualTo(400);
            assertThat(post(served, coding.token(), "not compressed at all".getBytes(StandardCharsets.UTF_8))
                            .status())
                    .isEqualTo(400);
            byte[] longer = Arrays.copyOf(whole, whole.length + 5);
            Arrays.fill(longer, whole.length, longer.length, (byte) 'x');
            assertThat(post(served, coding.token(), longer).status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBombIsRefusedByItsRatioAndByItsSize(Coding coding) throws IOException {
        byte[] blown = new byte[20_000_000];
        Random random = new Random(3);
        for (int i = 0; i < blown.length; i += 10_000) {
            blown[i] = (byte) random.nextInt();
        }
        byte[] bomb = encoded(coding, blown);
        try (Served served = served(d -> {})) {
            assertThat(post(served, coding.token(), bomb).status()).isEqualTo(413);
        }
        try (Served served = served(d -> d.maxRatio(100_000).maxSize(19_999_999))) {
            assertThat(post(served, coding.token(), bomb).status()).isEqualTo(413);
        }
        try (Served served = served(d -> d.maxRatio(100_000).maxSize(20_000_000))) {
            assertThat(post(served, coding.token(), bomb).status()).isEqualTo(200);
            assertThat(served.seen().body().length()).isEqualTo(20_000_000);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void membersOneAfterTheOtherAreOneBody(Coding coding) throws IOException {
        byte[] one = encoded(coding, "one ".getBytes(StandardCharsets.UTF_8));
        byte[] two = encoded(coding, "two".getBytes(StandardCharsets.UTF_8));
        byte[] both = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        try (Served served = served(d -> {})) {
            assertThat(post(served, coding == Coding.GZIP ? "x-gzip" : "ZSTD", both)
                            .status())
                    .isEqualTo(200);
            assertThat(served.seen().body().text()).isEqualTo("one two");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"compress", "gzip, gzip", "gzip\r\nContent-Encoding: br", "deflate", ""})
    void whatIsNotKnownOrDoneTwiceIsRefusedWithWhatIsTaken(String coding) {
        try (Served served = served(d -> d.codings(Coding.GZIP, Coding.BR))) {
            RawResponse response = post(served, coding, TEXT);
            assertThat(response.status()).isEqualTo(415);
            assertThat(response.headers().first("accept-encoding")).contains("gzip, br");
        }
    }

    @Test
    void plainBodiesPassAndThoseWithTrailersEndWhereTheyEnd() throws IOException {
        try (Served served = served(d -> {})) {
            assertThat(served.post("plain").status()).isEqualTo(200);
            assertThat(post(served, "identity", TEXT).status()).isEqualTo(200);
            byte[] body = encoded(Coding.GZIP, TEXT);
            try (RawClient client = served.connect()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + Integer.toHexString(body.length) + "\r\n")
                        .send(body)
                        .send("\r\n0\r\nx-sum: 1\r\n\r\n");
                assertThat(client.readResponse().status()).isEqualTo(200);
                assertThat(served.seen().awaitComplete().body().bytes()).isEqualTo(TEXT);
                assertThat(served.seen().trailers().first("x-sum")).contains("1");
            }
        }
    }
}
