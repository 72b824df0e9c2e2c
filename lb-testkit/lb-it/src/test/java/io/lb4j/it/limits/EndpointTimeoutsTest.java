package io.lb4j.it.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.model.RetryOn;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http.UpstreamExchange;
import io.lb4j.testkit.time.TimeBound;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each timeout of endpoints and of exchanges fires, is answered and booked as what it is, and leaves alone whoever is in time. */
@TimeBound
final class EndpointTimeoutsTest {
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
    void anAnswerThatDoesNotBegin() {
        try (ScriptedUpstream upstream = stalling();
                Site site = Site.before(upstream)
                        .route(made -> made.timeouts(times -> times.firstByte(SHORT)))
                        .start();
                RawClient client = site.dial()) {
            assertAnswered(client.send(SLOW).readResponse(), 504, "first_byte_timeout", site);
            assertThat(client.send(GET).readResponse().status())
                    .as("the client's connection goes on")
                    .isEqualTo(200);
            assertThat(upstream.requests())
                    .extracting(RecordedRequest::connection)
                    .as("the endpoint's does not")
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void theTimeToTheAnswerBeginsWithTheEndOfTheRequest() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().sink());
                Site site = Site.before(upstream)
                        .route(made -> made.timeouts(times -> times.firstByte(SHORT)))
                        .start();
                RawClient client = site.dial()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell");
            client.expectSilence(SHORT.multipliedBy(2));
            assertThat(client.send("o").readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void oneTryAndThenAnother() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/slow").times(1).stall().answer(200);
                    script.onAny().answer(200);
                });
                Site site = Site.before(upstream)
                        .route(made ->
                                made.timeouts(times -> times.perTry(SHORT)).retry(retry -> retry.on(RetryOn.TIMEOUT)))
                        .start()) {
            assertThat(site.ask(SLOW).status()).isEqualTo(200);

            AccessRecord access = site.nextRecord();
            assertThat(access.upstream().tries()).isEqualTo(2);
            assertThat(access.response().reason()).isEmpty();
        }
    }

    @Test
    void everyTry() {
        try (ScriptedUpstream upstream = stalling();
                Site site = Site.before(upstream)
                        .route(made -> made.timeouts(times -> times.perTry(SHORT))
                                .retry(retry -> retry.on(RetryOn.TIMEOUT).count(1)))
                        .start()) {
            assertAnswered(site.ask(SLOW), 504, "try_timeout", site);
            assertThat(upstream.requestCount()).isEqualTo(2);
        }
    }

    @Test
    void theExchangeAsAWholeIsNoLongerForBeingTriedAgain() {
        try (ScriptedUpstream upstream = stalling();
                Site site = Site.before(upstream)
                        .route(made -> made.timeouts(times ->
                                        times.perTry(Duration.ofMillis(800)).exchange(Duration.ofMillis(1000)))
                                .retry(retry ->
                                        retry.on(RetryOn.TIMEOUT).count(5).jitter(0)))
                        .start()) {
            assertThat(site.ask(SLOW).headers().first("x-lb4j-reason")).contains("exchange_timeout");

            AccessRecord access = site.nextRecord();
            assertThat(access.upstream().tries()).isEqualTo(2);
            assertThat(access.response().duration()).isLessThan(Duration.ofMillis(1500));
        }
    }

    @Test
    void anAnswerThatDoesNotEnd() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200).payload(100_000).inPieces(100, Duration.ofMillis(10))));
                Site site = Site.before(upstream)
                        .route(made -> made.timeouts(times -> times.exchange(SHORT.multipliedBy(2))))
                        .start()) {
            RawResponse response = site.ask(GET);

            assertThat(response.wasTruncated()).isTrue();
            assertThat(response.body().length()).isPositive();
            assertThat(site.nextRecord().response().reason()).contains("exchange_timeout");
        }
    }

    @Test
    void anExchangeOnWhichNothingMoves() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/body")
                            .raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
                            .perform(UpstreamExchange::flush)
                            .stall();
                    script.onAny().stall();
                });
                Site site = Site.before(upstream)
                        .route(made -> made.timeouts(times -> times.idle(SHORT)))
                        .start()) {
            assertAnswered(site.ask(GET), 504, "idle_timeout", site);

            RawResponse begun = site.ask("GET /body HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(begun.wasTruncated()).isTrue();
            assertThat(begun.text()).isEqualTo("hello");
            assertThat(site.nextRecord().response().reason()).contains("idle_timeout");
        }
    }

    @Test
    void aTunnelLastsAsLongAsItMoves() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().perform(exchange -> {
                            exchange.answer(Answer.status(101)
                                    .header("connection", "Upgrade")
                                    .header("upgrade", "websocket")
                                    .header("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
                            byte[] octets = new byte[16];
                            int count = exchange.tunnel().read(octets);
                            while (count > 0) {
                                exchange.tunnel().write(octets, count);
                                count = exchange.tunnel().read(octets);
                            }
                        }));
                Site site = Site.before(upstream)
                        .route(made -> made.timeouts(times -> times.exchange(SHORT)
                                .firstByte(SHORT)
                                .perTry(SHORT)
                                .idle(Duration.ofMillis(600))))
                        .start();
                RawClient client = site.dial()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(client.readHead().status()).isEqualTo(101);
            for (int i = 0; i < 4; i++) {
                client.expectSilence(SHORT);
                assertThat(client.send("ping").read(4)).asString().isEqualTo("ping");
            }

            client.expectClose();
            assertThat(site.nextRecord().response().reason()).contains("idle_timeout");
        }
    }

    // ---- connections to endpoints

    @Test
    void anEndpointThatDoesNotAcceptInTime() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> queue = fill(full);
            try (Site site = Site.at(full.getLocalPort())
                    .cluster(made -> made.connectTimeout(SHORT))
                    .route(made -> made.retry(retry -> retry.count(0)))
                    .start()) {
                assertAnswered(site.ask(GET), 504, "connect_timeout", site);
            }
            for (Socket each : queue) {
                each.close();
            }
        }
    }

    /** Fills the queue of a socket that nobody accepts from: what comes then is not answered by the system. */
    private static List<Socket> fill(ServerSocket listening) throws IOException {
        List<Socket> queue = new ArrayList<>();
        boolean isTaken = true;
        while (isTaken) {
            Socket next = new Socket();
            queue.add(next);
            try {
                next.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort()), 200);
            } catch (SocketTimeoutException full) {
                isTaken = false;
            }
        }
        return queue;
    }

    @Test
    void anEndpointThatDoesNotShakeHandsInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Site site = Site.at(silent.getLocalPort())
                        .cluster(made -> made.tls(tls -> tls.insecure())
                                .tlsHandshakeTimeout(SHORT)
                                .pool(pool -> pool.pendingTimeout(Duration.ofMillis(100))))
                        .route(made -> made.retry(retry -> retry.count(0)))
                        .start()) {
            assertAnswered(site.ask(GET), 504, "connect_timeout", site);
        }
    }

    @Test
    void aConnectionThatDoesNotComeFree() {
        try (ScriptedUpstream upstream = stalling();
                Site site = Site.before(upstream)
                        .cluster(
                                made -> made.pool(pool -> pool.maxConnections(1).pendingTimeout(SHORT)))
                        .start();
                RawClient served = site.dial()) {
            served.send(SLOW);
            upstream.awaitRequest();

            RawResponse response = site.ask(GET);

            assertAnswered(response, 503, "pending_timeout", site);
            assertThat(response.headers().first("retry-after")).isPresent();
            upstream.release();
            assertThat(served.readResponse().status()).isEqualTo(200);
        }
    }

    @Test
    void anEndpointThatTakesNothing() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script ->
                        script.receiveBuffer(4096).onAny().early().stall().answer(200));
                Site site = Site.before(upstream)
                        .route(made -> made.timeouts(times -> times.idle(Duration.ofMillis(500))))
                        .start();
                RawClient client = site.dial()) {
            Thread sender = new Thread(() -> {
                try {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
                            .sendPayload(100_000_000);
                } catch (UncheckedIOException cut) {
                    // The balancer stops reading when it has answered.
                    assertThat(cut).isNotNull();
                }
            });
            sender.start();
            assertThat(site.nextRecord().response().reason()).contains("idle_timeout");
            assertThat(client.readHead().status()).isEqualTo(504);
        }
    }
}
