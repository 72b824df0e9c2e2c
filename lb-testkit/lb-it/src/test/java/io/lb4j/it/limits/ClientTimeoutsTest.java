package io.lb4j.it.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http.UpstreamExchange;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.time.TimeBound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each timeout of clients fires, is answered and booked as what it is, and leaves alone whoever is in time. */
@TimeBound
final class ClientTimeoutsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String SLOW = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Duration SHORT = Duration.ofMillis(250);

    private static ScriptedUpstream stalling() {
        return ScriptedUpstream.start(script -> {
            script.on("/slow").stall().answer(200);
            script.onAny().answer(200);
        });
    }

    private static void assertAnswered(RawResponse response, int status, String reason, Site site) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.headers().first("x-lb4j-reason")).contains(reason);
        AccessRecord access = site.nextRecord();
        assertThat(access.response().status()).isEqualTo(status);
        assertThat(access.response().reason()).contains(reason);
        assertThat(access.response().isLocal()).isTrue();
        assertThat(site.failures(reason)).isPositive();
    }

    @Test
    void aHeadThatDoesNotCome() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.requestHead(SHORT)))
                        .start();
                RawClient innocent = site.dial();
                RawClient silent = site.dial();
                RawClient slow = site.dial()) {
            innocent.send(GET).readResponse();
            site.nextRecord();
            slow.send("GET / HTTP/1.1\r\nHost: a\r\nX-");

            assertAnswered(slow.readResponse(), 408, "request_timeout", site);
            slow.expectClose();
            silent.expectClose();
            assertThat(innocent.send(GET).readResponse().status())
                    .as("it waits between requests, which is another matter")
                    .isEqualTo(200);
            assertThat(upstream.requestCount()).isEqualTo(2);
        }
    }

    @Test
    void aHeadThatComesInDropsIsNotInTimeBecauseSomethingComes() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.requestHead(SHORT)))
                        .start();
                RawClient client = site.dial()) {
            client.send(GET).readResponse();
            site.nextRecord();
            client.send("GET / HTTP/1.1\r\n");
            client.expectSilence(Duration.ofMillis(100));
            client.send("X: 1\r\n");
            client.expectSilence(Duration.ofMillis(100));
            client.send("Y: 1\r\n");

            assertAnswered(client.readResponse(), 408, "request_timeout", site);
        }
    }

    @Test
    void aConnectionThatIsIdle() {
        try (ScriptedUpstream upstream = stalling();
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.idle(SHORT)))
                        .start();
                RawClient idle = site.dial();
                RawClient busy = site.dial()) {
            idle.send(GET).readResponse();
            busy.send(SLOW);
            upstream.awaitRequest(seen -> seen.target().equals("/slow"));

            idle.expectClose();
            busy.expectSilence(SHORT);
            upstream.release();
            assertThat(busy.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatDoesNotCome() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().sink());
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.requestBody(SHORT)))
                        .start();
                RawClient client = site.dial()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");

            assertAnswered(client.readResponse(), 408, "request_timeout", site);
            client.expectClose();
            RecordedRequest seen = upstream.awaitRequest();
            await().until(seen::state, RecordedRequest.State.TRUNCATED::equals);
        }
    }

    @Test
    void aBodyThatNobodyHasAskedForYetIsNotLate() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .early()
                        .stall()
                        .inform(100)
                        .perform(UpstreamExchange::readBody)
                        .answer(200));
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.requestBody(SHORT)))
                        .start();
                RawClient client = site.dial()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            upstream.awaitRequest();
            client.expectSilence(SHORT.multipliedBy(2));
            upstream.release();
            assertThat(client.readHead().status()).isEqualTo(100);
            assertThat(client.readResponse().status())
                    .as("once it was asked for")
                    .isEqualTo(408);
        }
    }

    @Test
    void aBodyWhoseAnswerHasBegunMayTakeItsTurns() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().echo());
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.requestBody(SHORT)))
                        .start();
                RawClient client = site.dial()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
            client.readUntil("one\r\n");
            client.expectSilence(SHORT.multipliedBy(2));
            client.send("3\r\ntwo\r\n0\r\n\r\n");
            assertThat(client.readUntil("0\r\n\r\n")).contains("two");
        }
    }

    @Test
    void aClientThatTakesNothing() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/large").answer(Answer.status(200).payload(64 << 20));
                    script.onAny().answer(200);
                });
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.responseWrite(Duration.ofMillis(500))))
                        .start();
                RawClient slow = site.dial();
                RawClient innocent = site.dial()) {
            slow.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
            for (int i = 0; i < 20; i++) {
                assertThat(innocent.send(GET).readResponse().status()).isEqualTo(200);
                site.nextRecord();
            }
            AccessRecord access = site.nextRecord();
            assertThat(access.response().reason()).contains("client_stalled");
            assertThat(access.response().status()).isEqualTo(200);
            assertThat(site.failures("client_stalled")).isOne();
            await().until(() -> site.listener().connectionsOpen() == 1);
            assertThat(innocent.send(GET).readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatDoesNotComeInHttp2() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().sink());
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.requestBody(SHORT)))
                        .start();
                RawH2Client client = RawH2Client.connect(site.port())) {
            int stream = client.open(client.head("POST", "/"), false);
            client.data(stream, new byte[5], false);

            H2Response response = client.awaitResponse(stream);

            assertThat(response.status()).isEqualTo(408);
            assertThat(response.headers().first("x-lb4j-reason")).contains("request_timeout");
            assertThat(client.get("/").status()).as("the connection goes on").isEqualTo(200);
        }
    }

    @Test
    void aCallOfGrpcMayPauseAsLongAsItLikes() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().sink());
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times -> times.requestBody(SHORT)))
                        .start();
                RawH2Client client = RawH2Client.connect(site.port());
                RawClient clock = site.dial()) {
            Fields head = client.head("POST", "/a.B/C")
                    .and("content-type", "application/grpc+proto")
                    .and("te", "trailers");
            int stream = client.open(head, false);
            client.data(stream, new byte[5], false);
            clock.expectSilence(SHORT.multipliedBy(3));
            client.data(stream, new byte[5], true);

            assertThat(client.awaitResponse(stream).headers().first("x-body-length"))
                    .contains("10");
        }
    }

    @Test
    void manySlowClientsAreClosedAndTheOthersDoNotNotice() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .listener(made -> made.timeouts(times ->
                                times.requestHead(Duration.ofSeconds(1)).requestBody(Duration.ofSeconds(1))))
                        .start();
                RawClient innocent = site.dial()) {
            List<RawClient> slow = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                RawClient client = site.dial();
                client.send(
                        i % 2 == 0
                                ? "GET / HTTP/1.1\r\nHost: a\r\nX-"
                                : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1");
                slow.add(client);
            }
            while (site.listener().connectionsOpen() > 1) {
                long start = System.nanoTime();
                assertThat(innocent.send(GET).readResponse().status()).isEqualTo(200);
                assertThat(System.nanoTime() - start)
                        .isLessThan(Duration.ofSeconds(1).toNanos());
            }
            assertThat(site.failures("request_timeout")).isEqualTo(200);
            slow.forEach(RawClient::close);
        }
    }
}
