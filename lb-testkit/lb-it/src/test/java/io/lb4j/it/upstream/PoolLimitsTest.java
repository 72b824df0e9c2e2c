package io.lb4j.it.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.it.fixture.Site;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a pool is limited to holds for all event loops together, and for as long as it says. */
final class PoolLimitsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int LOOPS = 4;
    private static final int CLIENTS = 16;
    private static final Duration LIFETIME = Duration.ofMillis(200);

    private static ScriptedUpstream stalling() {
        return ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
    }

    private static int ask(RawClient client) {
        return client.send(GET).readResponse().status();
    }

    /** Has a request of each of many clients under way at once. */
    private static List<RawClient> sendMany(Site site) {
        return send(site, CLIENTS);
    }

    private static List<RawClient> send(Site site, int count) {
        return IntStream.range(0, count).mapToObj(i -> site.dial().send(GET)).toList();
    }

    private static List<Integer> statuses(List<RawClient> clients) {
        List<Integer> statuses = new ArrayList<>();
        clients.forEach(client -> statuses.add(client.readResponse().status()));
        clients.forEach(RawClient::close);
        return statuses;
    }

    @Test
    void noMoreConnectionsAreIdleThanMayBeOnAllLoopsTogether() {
        try (ScriptedUpstream upstream = stalling();
                Site site = Site.before(upstream)
                        .loops(LOOPS)
                        .cluster(made -> made.pool(pool -> pool.maxIdle(3)))
                        .start()) {
            List<RawClient> clients = sendMany(site);
            upstream.awaitRequests(CLIENTS);
            upstream.release();

            assertThat(statuses(clients)).containsOnly(200);
            await().until(() -> site.cluster().connections() == 3);
            assertThat(site.cluster().idleConnections()).isEqualTo(3);
        }
    }

    @Test
    void noMoreConnectionsAreMadeThanMayBeOnAllLoopsTogetherAndNoMoreRequestsWait() {
        try (ScriptedUpstream upstream = stalling();
                Site site = Site.before(upstream)
                        .loops(LOOPS)
                        .cluster(
                                made -> made.pool(pool -> pool.maxConnections(3).maxPending(5)))
                        .start()) {
            // One after the other: who waits for a connection that is being made is pending, too.
            List<RawClient> clients = new ArrayList<>(send(site, 3));
            upstream.awaitRequests(3);
            clients.addAll(send(site, CLIENTS - 3));
            await().until(() -> site.failures("overloaded") == CLIENTS - 3 - 5);
            assertThat(site.cluster().pending()).isEqualTo(5);
            assertThat(site.cluster().connections()).isEqualTo(3);
            assertThat(upstream.requestCount()).isEqualTo(3);

            upstream.rescript(script -> script.onAny().answer(200));
            upstream.release();

            assertThat(statuses(clients).stream().filter(status -> status == 200))
                    .hasSize(8);
            assertThat(site.cluster().pending()).isZero();
            assertThat(upstream.requestCount()).isEqualTo(8);
        }
    }

    @Test
    void anIdleConnectionIsClosedInTime() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .loops(LOOPS)
                        .cluster(made -> made.pool(pool -> pool.idleTimeout(Duration.ofMillis(100))))
                        .start()) {
            List<RawClient> clients = sendMany(site);
            assertThat(statuses(clients)).containsOnly(200);

            upstream.awaitConnections(connections -> connections.open() == 0);
            await().until(() -> site.cluster().connections() == 0);
            assertThat(site.cluster().idleConnections()).isZero();
        }
    }

    @Test
    void aConnectionThatHasLivedForLongEnoughIsNotUsedAgain() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .cluster(made -> made.pool(pool -> pool.maxLifetime(LIFETIME)))
                        .start();
                RawClient client = site.dial()) {
            assertThat(ask(client)).isEqualTo(200);
            client.expectSilence(LIFETIME.plusMillis(50));
            assertThat(ask(client)).isEqualTo(200);

            assertThat(upstream.requests())
                    .extracting(request -> request.connection())
                    .containsExactly(1, 2);
            upstream.awaitConnections(connections -> connections.open() == 1);
        }
    }

    @Test
    void aConnectionOfManyStreamsThatHasLivedForLongEnoughFinishesThoseItHas() {
        try (ScriptedH2Upstream upstream = ScriptedH2Upstream.start(script -> {
                    script.on("/slow").stall().answer(200);
                    script.onAny().answer(200);
                });
                Site site = Site.at(upstream.port())
                        .cluster(made -> made.protocol(UpstreamProtocol.HTTP2).pool(pool -> pool.maxLifetime(LIFETIME)))
                        .start();
                RawClient slow = site.dial();
                RawClient client = site.dial()) {
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            upstream.awaitStream();
            client.expectSilence(LIFETIME.plusMillis(50));

            assertThat(ask(client)).isEqualTo(200);
            assertThat(upstream.connections().accepted()).isEqualTo(2);
            upstream.release();
            assertThat(slow.readResponse().status()).isEqualTo(200);
            upstream.awaitConnections(connections -> connections.open() == 1);
        }
    }

    @Test
    void connectionsThatTheEndpointHasResetWhileTheyWereIdleServeNothing() {
        try (ScriptedUpstream upstream = stalling();
                Site site = Site.before(upstream).loops(LOOPS).start()) {
            List<RawClient> clients = sendMany(site);
            upstream.awaitRequests(CLIENTS);
            upstream.release();
            assertThat(statuses(clients)).containsOnly(200);
            await().until(() -> site.cluster().idleConnections() == CLIENTS);

            upstream.rescript(script -> script.onAny().answer(200));
            upstream.resetConnections();
            await().until(() -> site.cluster().connections() == 0);

            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(site.ask(post).status()).isEqualTo(200);
            }
            assertThat(upstream.requestCount()).isEqualTo(2 * CLIENTS);
        }
    }
}
