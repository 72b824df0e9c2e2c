package io.lb4j.it.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.H2Error;
import io.lb4j.testkit.http2.RawH2Client;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests over HTTP/2 that would be two requests, or another one, if they were written down in HTTP/1.1 as they stand. */
final class Http2DowngradeTest {
    private static final String GOOD = ":method=GET|:scheme=http|:authority=a.example|:path=/";

    private static ScriptedUpstream upstream;
    private static LoadBalancer balancer;

    private RawH2Client client;

    @BeforeAll
    static void start() {
        upstream = ScriptedUpstream.start();
        balancer = Between.start(Origin.http1(upstream.port()));
    }

    @AfterAll
    static void stop() {
        balancer.close();
        upstream.close();
    }

    @BeforeEach
    void connect() {
        upstream.forget();
        client = RawH2Client.connect(Between.plainPort(balancer));
    }

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method=GET|:scheme=http|:authority=a|:path=/ HTTP/1.1\r\nhost: b\r\n\r\nGET /admin",
                ":method=GET|:scheme=http|:authority=a|:path=/a b",
                ":method=GET|:scheme=http|:authority=a|:path=/a#b",
                ":method=GET|:scheme=http|:authority=a|:path=",
                ":method=GET|:scheme=http|:authority=a|:path=a",
                ":method=GET|:scheme=http|:authority=a|:path=*",
                ":method=GET|:scheme=http|:authority=a|:path=http://b/",
                ":method=GET|:scheme=http|:authority=a|:path=/\u0000",
                ":method=GET|:scheme=http|:authority=a|:path=/\n",
                ":method=GET /admin HTTP/1.1\r\n\r\n|:scheme=http|:authority=a|:path=/",
                ":method=|:scheme=http|:authority=a|:path=/",
                ":method=G ET|:scheme=http|:authority=a|:path=/",
                ":method=GET|:scheme=http|:authority=a\r\nx: y|:path=/",
                ":method=GET|:scheme=http|:authority=user@a|:path=/",
                ":method=GET|:scheme=http|:authority=a/b|:path=/",
                ":method=GET|:scheme=http|:authority=a:b|:path=/",
                ":method=GET|:scheme=http|:authority=|:path=/",
                ":method=GET|:scheme=http|:path=/",
                ":method=GET|:scheme=http\r\n|:authority=a|:path=/",
                ":method=GET|:scheme=ftp|:authority=a|:path=/",
                ":method=GET|:scheme=http|:authority=a|:path=/|:path=/b",
                ":method=GET|:scheme=http|:authority=a|:path=/|:status=200",
                ":method=GET|:scheme=http|:authority=a|:path=/|:unknown=x",
                ":method=GET|:scheme=http|:authority=a|:path=/|:protocol=websocket",
                ":method=GET|x=y|:scheme=http|:authority=a|:path=/",
                ":method=CONNECT|:scheme=http|:authority=a:1|:path=/"
            })
    void invalidPseudoHeaderFieldsEndTheStream(String request) {
        assertRefused(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=b.example",
                "host=a.example|host=a.example",
                "host=a.example:80",
                "connection=close",
                "connection=upgrade|upgrade=websocket",
                "keep-alive=timeout=5",
                "proxy-connection=keep-alive",
                "transfer-encoding=chunked",
                "upgrade=h2c",
                "te=gzip",
                "te=trailers, gzip",
                "X-Upper=y",
                "x y=z",
                "x\r\ny=z",
                "x:y=z",
                "=z",
                "x=a\r\nhost: b",
                "x=a\nb",
                "x=a\rb",
                "x=a\u0000b",
                "x= a",
                "x=a ",
                "content-length=1|content-length=1",
                "content-length=1, 1",
                "content-length=+1",
                "content-length=-1",
                "content-length=0x1",
                "content-length=99999999999999999999",
                "content-length=1"
            })
    void invalidFieldsEndTheStream(String fields) {
        assertRefused(GOOD + "|" + fields);
    }

    private void assertRefused(String request) {
        int stream = client.open(fields(request), true);

        assertThat(client.awaitReset(stream)).isEqualTo(H2Error.PROTOCOL_ERROR);
        assertOthersAreServed();
        assertThat(upstream.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"4, 5", "5, 4"})
    void aBodyThatIsNotAsLongAsDeclaredEndsTheStreamAndTheEndpointsConnection(int declared, int sent) {
        int stream =
                client.open(client.head("POST", "/smuggled").and("content-length", Integer.toString(declared)), false);
        client.data(stream, "x".repeat(sent).getBytes(StandardCharsets.US_ASCII), true);

        assertThat(client.awaitReset(stream)).isEqualTo(H2Error.PROTOCOL_ERROR);
        assertOthersAreServed();
        // What had begun of it has not been completed, and nothing came behind it on its connection.
        assertThat(upstream.requests())
                .filteredOn(request -> request.target().equals("/smuggled"))
                .allSatisfy(request -> assertThat(request.state()).isNotEqualTo(RecordedRequest.State.COMPLETE));
        assertThat(upstream.requests())
                .filteredOn(request -> !request.target().equals("/smuggled"))
                .hasSize(1);
        assertThat(upstream.violations()).isEmpty();
    }

    @Test
    void aBodyAfterNoneWasDeclaredReachesNobody() {
        int stream = client.open(client.head("POST", "/smuggled").and("content-length", "0"), false);
        client.data(stream, new byte[] {'x'}, true);

        // The request is whole without it, so that the endpoint's answer may be sooner: then nothing more is wanted.
        H2Error reset = client.awaitReset(stream);
        if (reset == H2Error.NO_ERROR) {
            assertThat(client.awaitResponse(stream).status()).isEqualTo(200);
        } else {
            assertThat(reset).isEqualTo(H2Error.PROTOCOL_ERROR);
        }
        assertOthersAreServed();
        assertThat(upstream.requests())
                .allSatisfy(request -> assertThat(request.body().length()).isZero());
        assertThat(upstream.violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {":path=/admin", "connection=close", "x=a\r\nb", "X=y", "transfer-encoding=chunked"})
    void invalidTrailersEndTheStream(String trailers) {
        int stream = client.open(client.head("POST", "/"), false);
        client.trailers(stream, fields(trailers));

        assertThat(client.awaitReset(stream)).isEqualTo(H2Error.PROTOCOL_ERROR);
        assertOthersAreServed();
    }

    @Test
    void trailersThatWouldFrameOrRouteAreLeftOut() {
        int stream = client.open(client.head("POST", "/trailers"), false);
        client.trailers(stream, Fields.of("content-length", "7", "host", "b", "x-sum", "1"));

        assertThat(client.awaitResponse(stream).status()).isEqualTo(200);
        Fields seen = upstream.awaitRequest().awaitComplete().trailers();
        assertThat(seen.names()).containsExactly("x-sum");
    }

    @Test
    void cookiesArriveInOnePiece() {
        int stream = client.open(
                client.head("GET", "/").and("cookie", "a=1").and("x", "y").and("cookie", "b=2"), true);

        assertThat(client.awaitResponse(stream).status()).isEqualTo(200);
        assertThat(upstream.awaitRequest().headers().all("cookie")).containsExactly("a=1; b=2");
    }

    @Test
    void theEndpointIsToldOfTlsOnlyWhereThereIsSome() {
        int stream = client.open(fields(":method=GET|:scheme=https|:authority=a|:path=/"), true);

        assertThat(client.awaitResponse(stream).status()).isEqualTo(200);
        assertThat(upstream.awaitRequest().headers().all("x-forwarded-proto")).containsExactly("http");
    }

    @Test
    void aTunnelToAnywhereIsNotOffered() {
        int stream = client.open(fields(":method=CONNECT|:authority=a.example:443"), false);

        assertThat(client.awaitResponse(stream).status()).isEqualTo(501);
        assertThat(upstream.requestCount()).isZero();
        assertOthersAreServed();
    }

    private void assertOthersAreServed() {
        assertThat(client.get("/others").status()).isEqualTo(200);
        assertThat(client.violations()).isEmpty();
    }

    private static Fields fields(String text) {
        Fields fields = Fields.none();
        for (String field : text.split("\\|", -1)) {
            int at = field.indexOf('=', field.startsWith("=") ? 0 : 1);
            fields = fields.and(field.substring(0, at), field.substring(at + 1));
        }
        return fields;
    }
}
