package io.lb4j.it.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.PoolBuilder;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http2.Frame;
import io.lb4j.testkit.http2.FrameType;
import io.lb4j.testkit.http2.H2Error;
import io.lb4j.testkit.http2.H2Options;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.H2Script;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.http2.RecordedStream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import io.lb4j.testkit.net.LoopbackServer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The leg to an endpoint that speaks HTTP/2: which requests are sent again, over how many connections, what a response may look like. */
@SuppressWarnings("NullAway.Init") // each test begins with start
final class Http2UpstreamTest {
    private ScriptedH2Upstream upstream;
    private LoadBalancer balancer;
    private RawH2Client client;

    private void start(Consumer<H2Script> script) {
        start(script, pool -> {});
    }

    private void start(Consumer<H2Script> script, Consumer<PoolBuilder> pool) {
        upstream = ScriptedH2Upstream.start(script);
        balancer = Between.before(Origin.http2(upstream.port()), cluster -> cluster.pool(pool), route -> {})
                .start();
        client = RawH2Client.connect(Between.plainPort(balancer));
    }

    @AfterEach
    void nobodyBrokeTheProtocol() {
        try {
            assertThat(client.violations()).isEmpty();
            assertThat(upstream.violations()).isEmpty();
        } finally {
            client.close();
            balancer.close();
            upstream.close();
        }
    }

    // ---- sent again, or not

    @Test
    void aRefusedStreamIsSentAgainEvenAPostAndTheClientSeesNothingOfIt() {
        start(script -> {
            script.onAny().times(1).refuse();
            script.onAny().echo();
        });

        H2Response response = client.request(client.head("POST", "/"), "once".getBytes(US_ASCII));

        assertThat(response.text()).isEqualTo("once");
        assertThat(upstream.streams()).hasSize(2);
    }

    @Test
    void aStreamBeyondTheLastOneOfAGoAwayIsSentAgainOnAnotherConnection() {
        start(script -> {
            script.onAny().times(1).early().goAwayBefore(H2Error.NO_ERROR);
            script.onAny().echo();
        });

        H2Response response = client.request(client.head("POST", "/"), "once".getBytes(US_ASCII));

        assertThat(response.text()).isEqualTo("once");
        assertThat(upstream.streams()).extracting(RecordedStream::connection).containsExactly(1, 2);
    }

    @Test
    void aGoAwayLetsStreamsUnderWayFinishAndNewOnesGoElsewhere() {
        start(script -> {
            script.on("/slow").stall().answer(200, "slow");
            script.onAny().answer(200, "quick");
        });
        int slow = client.open(client.head("GET", "/slow"), true);
        upstream.awaitStream();

        upstream.goAway();
        assertThat(client.get("/quick").text()).isEqualTo("quick");
        upstream.release();

        assertThat(client.awaitResponse(slow).text()).isEqualTo("slow");
        assertThat(upstream.streams()).extracting(RecordedStream::connection).containsExactly(1, 2);
        upstream.awaitConnections(connections -> connections.open() == 1);
    }

    @Test
    void aResetThatSaysNothingOfProcessingIsNotSentAgainForAPost() {
        start(script -> script.onAny().reset(H2Error.INTERNAL_ERROR));

        H2Response response = client.request(client.head("POST", "/"), "once".getBytes(US_ASCII));

        assertThat(response.status()).isEqualTo(502);
        assertThat(response.headers().first("x-lb4j-reason")).contains("upstream_reset");
        assertThat(upstream.streams()).hasSize(1);
    }

    @Test
    void aGetWhoseConnectionIsLostIsSentAgain() {
        start(script -> {
            script.onAny().times(1).abort();
            script.onAny().answer(200, "again");
        });

        assertThat(client.get("/").text()).isEqualTo("again");
        assertThat(upstream.streams()).hasSize(2);
    }

    @Test
    void anIdleConnectionThatTheEndpointHasClosedIsNotUsed() {
        start(script -> script.onAny().answer(200));
        assertThat(client.get("/").status()).isEqualTo(200);

        for (int i = 0; i < 5; i++) {
            upstream.closeConnections();
            upstream.awaitConnections(connections -> connections.open() == 0);
            H2Response response = client.request(client.head("POST", "/"), "x".getBytes(US_ASCII));
            assertThat(response.status()).isEqualTo(200);
        }

        assertThat(upstream.streams()).hasSize(6);
    }

    @Test
    void whatDoesNotSpeakHttp2IsAConnectionThatFailed() {
        start(script -> script.onAny().answer(200));
        try (LoopbackServer wrong = LoopbackServer.start(
                        new LoopbackServer.Settings("wrong", Optional.empty(), 0),
                        (wire, number) -> wire.output().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII)));
                LoadBalancer before = Between.start(Origin.http2(wrong.port()));
                RawH2Client asking = RawH2Client.connect(Between.plainPort(before))) {
            H2Response response = asking.request(asking.head("POST", "/"), "x".getBytes(US_ASCII));

            assertThat(response.status()).isEqualTo(502);
            assertThat(response.headers().first("x-lb4j-reason")).contains("connect_failed");
        }
    }

    // ---- the pool

    @Test
    void manyRequestsShareOneConnection() {
        start(script -> script.onAny().stall().answer(200));
        List<Integer> streams = open(50);
        upstream.awaitStreams(50);

        upstream.release();

        assertThat(streams)
                .allSatisfy(stream ->
                        assertThat(client.awaitResponse(stream).status()).isEqualTo(200));
        assertThat(upstream.connections().accepted()).isEqualTo(1);
    }

    @Test
    void noMoreStreamsAreOpenedThanTheEndpointAllows() {
        start(script -> {
            script.options(H2Options.defaults().setting(H2Options.MAX_CONCURRENT_STREAMS, 5));
            script.onAny().stall().answer(200);
        });
        List<Integer> streams = open(20);
        upstream.awaitStreams(20);

        upstream.release();

        assertThat(streams)
                .allSatisfy(stream ->
                        assertThat(client.awaitResponse(stream).status()).isEqualTo(200));
        assertThat(upstream.connections().accepted()).isEqualTo(4);
    }

    @Test
    void requestsWaitWhereTheClusterMayOpenNoOtherConnection() {
        start(
                script -> {
                    script.options(H2Options.defaults().setting(H2Options.MAX_CONCURRENT_STREAMS, 2));
                    script.onAny().answer(200);
                },
                pool -> pool.maxConnections(1));

        assertThat(open(20))
                .allSatisfy(stream ->
                        assertThat(client.awaitResponse(stream).status()).isEqualTo(200));
        assertThat(upstream.connections().accepted()).isEqualTo(1);
    }

    private List<Integer> open(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> client.open(client.head("GET", "/"), true))
                .toList();
    }

    // ---- what passes

    @Test
    void informationalHeadsBodyAndTrailersPassInTheirOrder() {
        start(script -> script.onAny()
                .inform(103, "link", "</a.css>; rel=preload")
                .headers(200, "content-type", "text/plain")
                .data("body")
                .trailers("x-sum", "4"));

        H2Response response = client.get("/");

        assertThat(response.informational()).hasSize(1);
        assertThat(response.informational().get(0).first("link")).contains("</a.css>; rel=preload");
        assertThat(response.text()).isEqualTo("body");
        assertThat(response.trailers().first("x-sum")).contains("4");
    }

    @Test
    void theSameReachesAClientOfHttp11() {
        start(script -> script.onAny()
                .inform(103, "link", "</a.css>; rel=preload")
                .headers(200, "content-type", "text/plain")
                .data("body")
                .trailers("x-sum", "4"));
        try (RawClient plain = RawClient.connect(Between.plainPort(balancer))) {
            RawResponse response =
                    plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();

            assertThat(response.informational()).hasSize(1);
            assertThat(response.text()).isEqualTo("body");
            assertThat(response.trailers().first("x-sum")).contains("4");
        }
    }

    @Test
    void trailersOfARequestReachTheEndpoint() {
        start(script -> script.onAny().echo());
        int stream = client.open(client.head("POST", "/").and("te", "trailers"), false);
        client.data(stream, "body".getBytes(US_ASCII), false).trailers(stream, Fields.of("x-sum", "4"));

        H2Response response = client.awaitResponse(stream);

        assertThat(response.text()).isEqualTo("body");
        assertThat(response.trailers().first("x-sum")).contains("4");
        assertThat(upstream.awaitStream().headers().all("te")).containsExactly("trailers");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aResponseWithoutABodyMaySayHowLongItWouldBe(int status) {
        start(script -> script.onAny().headers(status, "etag", "\"a\"").end());

        H2Response response = client.get("/");

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.isComplete()).isTrue();
        assertThat(response.headers().first("etag")).contains("\"a\"");
        assertThat(client.get("/").status()).isEqualTo(status);
    }

    @Test
    void aHeadResponseKeepsTheLengthAndHasNoBody() {
        start(script -> script.onAny().headers(200, "content-length", "1000").end());

        H2Response response = client.awaitResponse(client.open(client.head("HEAD", "/"), true));

        assertThat(response.headers().first("content-length")).contains("1000");
        assertThat(response.body().length()).isZero();
        assertThat(response.isComplete()).isTrue();
    }

    @Test
    void anEarlyResponseReachesTheClientWhileItsBodyIsStillComing() {
        start(script -> script.onAny().early().answer(413, "too much"));
        int stream = client.open(client.head("POST", "/"), false);
        client.data(stream, new byte[1_000], false);

        H2Response response = client.awaitResponse(stream);

        assertThat(response.status()).isEqualTo(413);
        assertThat(response.text()).isEqualTo("too much");
        assertThat(client.awaitReset(stream)).isEqualTo(H2Error.NO_ERROR);
        assertThat(upstream.awaitStream().awaitReset()).isEqualTo(H2Error.CANCEL);
        upstream.rescript(script -> script.onAny().answer(200));
        assertThat(client.get("/").status()).isEqualTo(200);
        assertThat(upstream.connections().accepted()).isEqualTo(1);
    }

    @Test
    void aResponseThatIsCutOffIsCutOffForTheClientToo() {
        start(script -> script.onAny().headers(200).data("half").reset(H2Error.INTERNAL_ERROR));

        H2Response response = client.get("/");

        assertThat(response.isComplete()).isFalse();
        assertThat(response.reset()).contains(H2Error.INTERNAL_ERROR);
    }

    @Test
    void aClientThatGivesUpGivesUpAtTheEndpoint() {
        start(script -> script.onAny().stall().answer(200));
        int stream = client.open(client.head("GET", "/"), true);
        RecordedStream seen = upstream.awaitStream();

        client.send(Frame.reset(stream, H2Error.CANCEL));

        assertThat(seen.awaitReset()).isEqualTo(H2Error.CANCEL);
        client.ping();
        assertThat(client.response(stream).status()).isZero();
    }

    @Test
    void aConnectionThatIsNotNeededIsClosedWithGoAway() {
        start(script -> script.onAny().answer(200));
        assertThat(client.get("/").status()).isEqualTo(200);

        balancer.update(Between.before(Origin.http1(1)).configuration());

        assertThat(upstream.awaitFrame(1, FrameType.GOAWAY).error()).isEqualTo(H2Error.NO_ERROR);
        upstream.awaitConnections(connections -> connections.open() == 0);
    }
}
