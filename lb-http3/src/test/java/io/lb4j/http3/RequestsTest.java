package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.http3.H3Client.H3Frame;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.time.TimeBound;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tech.kwik.flupke.Http3Client;

/** Requests of clients that share no code with ours, through a balancer. */
final class RequestsTest {
    private static byte[] octets(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    @Test
    void flupkeIsServedOnTheListenersPort() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).header("x-from", "upstream").body("hello")));
                Edge edge = Edge.before(upstream)) {
            HttpClient client =
                    Http3Client.newBuilder().disableCertificateCheck().build();
            URI uri = URI.create("https://localhost:" + edge.port() + "/things?a=b");
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.headers().firstValue("x-from")).contains("upstream");
            RecordedRequest seen = upstream.awaitRequest();
            assertThat(seen.method()).isEqualTo("GET");
            assertThat(seen.target()).isEqualTo("/things?a=b");
            assertThat(seen.headers().first("x-forwarded-proto")).contains("https");
            assertThat(seen.headers().contains("transfer-encoding"))
                    .as("a request without a body stays one")
                    .isFalse();
        }
    }

    @Test
    void bodiesGoBothWays() {
        byte[] body = octets(3_000_000);
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.keepBodies(8_000_000).onAny().echo());
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Answer answer = client.post("/echo", body);

            assertThat(answer.isWhole()).isTrue();
            assertThat(answer.body()).isEqualTo(body);
            AccessRecord access = edge.nextRecord();
            assertThat(access.request().version()).hasToString("HTTP/3");
            assertThat(access.request().bytes()).isEqualTo(body.length);
            assertThat(access.response().status()).isEqualTo(200);
        }
    }

    @Test
    void manyRequestsShareOneConnection() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).body("x".repeat(10_000))));
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            List<H3Exchange> open = IntStream.range(0, 50)
                    .mapToObj(n -> client.open().head("GET", "/" + n).end())
                    .toList();

            assertThat(open).allSatisfy(exchange -> {
                H3Answer answer = exchange.answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).hasSize(10_000);
            });
            assertThat(edge.figure(Figure.CONNECTIONS)).isEqualTo(1);
            assertThat(edge.figure(Figure.STREAMS)).isEqualTo(50);
            await().untilAsserted(
                            () -> assertThat(edge.figure(Figure.STREAMS_OPEN)).isZero());
        }
    }

    @Test
    void trailersGoBothWays() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).body("body").chunked().trailer("x-sum", "42")));
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Answer answer = client.open()
                    .head("POST", "/", "te", "trailers")
                    .data("words".getBytes(UTF_8))
                    .trailers("x-check", "7")
                    .end()
                    .answer();

            assertThat(answer.text()).isEqualTo("body");
            assertThat(answer.value(1, "x-sum")).contains("42");
            RecordedRequest seen = upstream.awaitRequest().awaitComplete();
            assertThat(seen.body().text()).isEqualTo("words");
            assertThat(seen.trailers().first("x-check")).contains("7");
        }
    }

    @Test
    void informationalHeadsComeBeforeTheFinalOne() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .inform(103, "link", "</a.css>; rel=preload")
                        .answer(200, "page"));
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Answer answer = client.get("/");

            assertThat(answer.status(0)).isEqualTo(103);
            assertThat(answer.value(0, "link")).contains("</a.css>; rel=preload");
            assertThat(answer.status(1)).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("page");
        }
    }

    @Test
    void aTruncatedAnswerDoesNotLookWhole() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).body("x".repeat(100_000)).truncateBody(50_000)));
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Answer answer = client.get("/");

            assertThat(answer.isWhole()).isFalse();
            assertThat(answer.body()).hasSizeLessThan(100_000);
            assertThat(edge.nextRecord().response().reason()).contains("upstream_truncated");
            assertThat(client.get("/gone").status())
                    .as("the connection goes on")
                    .isEqualTo(410);
        }
    }

    @Test
    void aResetByTheClientReachesTheEndpoint() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().sink().stall());
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange exchange = client.open().head("POST", "/").data(octets(1_000));
            upstream.awaitRequest();
            exchange.stream().resetStream(0x10c);

            await().untilAsserted(
                            () -> assertThat(upstream.connections().open()).isZero());
            assertThat(edge.nextRecord().response().reason()).contains("client_gone");
            assertThat(edge.figure(Figure.STREAMS_RESET_BY_CLIENT)).isEqualTo(1);
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
    }

    @Test
    void aBodyThatIsShorterThanPromisedIsNotTakenForWhole() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Answer answer = client.open()
                    .head("POST", "/", "content-length", "10")
                    .data(octets(9))
                    .end()
                    .answer();

            assertThat(answer.isWhole()).isFalse();
            assertThat(edge.nextRecord().response().reason()).contains("malformed_request");
            assertThat(upstream.requests()).noneMatch(request -> request.state() == RecordedRequest.State.COMPLETE);
        }
    }

    @Test
    void anAnswerThatComesEarlyIsWhole() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            H3Exchange exchange = client.open().head("POST", "/gone").data(octets(100));

            H3Answer answer = exchange.answer();

            assertThat(answer.status()).isEqualTo(410);
            assertThat(answer.isWhole()).isTrue();
            exchange.end();
            await().untilAsserted(
                            () -> assertThat(edge.figure(Figure.STREAMS_OPEN)).isZero());
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsTheEndpointBack() throws Exception {
        int length = 64 << 20;
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).payload(length)));
                Edge edge = Edge.before(upstream);
                H3Client client =
                        H3Client.connect(edge.port(), builder -> builder.defaultStreamReceiveBufferSize(100_000L))) {
            H3Exchange exchange = client.open().head("GET", "/").end();
            H3Frame head = exchange.next();
            assertThat(head.type()).isEqualTo(H3Client.HEADERS);

            H3Answer answer = client.get("/gone");
            assertThat(answer.status()).as("others go on").isEqualTo(410);
            assertThat(edge.statistics().traffic().responseBytes()).isLessThan(8 << 20);
            CompletableFuture<H3Answer> rest = CompletableFuture.supplyAsync(exchange::answer, Aside.THREAD);
            assertThat(rest.get().body()).hasSize(length);
        }
    }

    @TimeBound
    @Test
    void aHeadThatDoesNotComeIsNotWaitedForLonger() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxStreamTimeout(Duration.ofMillis(300))));
                H3Client client = H3Client.connect(edge.port())) {
            byte[] head = new H3Exchange.Octets().head("GET", "/gone").octets();
            H3Exchange exchange = client.open().raw(Arrays.copyOf(head, head.length - 1));

            assertThat(exchange.answer().status()).isEqualTo(408);
            assertThat(edge.nextRecord().response().reason()).contains("request_timeout");
            exchange.raw(new byte[] {head[head.length - 1]}).end();
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
    }

    @TimeBound
    @Test
    void aBodyThatDoesNotComeIsNotWaitedForLonger() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().sink());
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.maxStreamTimeout(Duration.ofMillis(300))));
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.open().head("POST", "/").data(octets(10)).answer().status())
                    .isEqualTo(408);
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
    }

    @Test
    void aClientThatHasClosedItsConnectionLeavesNothingBehind() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            client.open().head("GET", "/").end();
            upstream.awaitRequest();
            client.quic().close(0x100, "enough");

            assertThat(edge.nextRecord().response().status()).isEqualTo(499);
            await().untilAsserted(() ->
                    assertThat(edge.figure(Figure.CONNECTIONS_OPEN)).isZero());
        }
    }
}
