package io.lb4j.it.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.config.Limit;
import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.H2Error;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.net.Dial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many connections, streams and waiting requests there may be: the limit itself is served, one more is refused and counted. */
final class ConnectionLimitsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static int ask(RawClient client) {
        return client.send(GET).readResponse().status();
    }

    @Test
    void theConnectionsOfAListener() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .listener(made -> made.limits(limits -> limits.connections(2)))
                        .start();
                RawClient first = site.dial();
                RawClient second = site.dial()) {
            assertThat(ask(first)).isEqualTo(200);
            assertThat(ask(second)).isEqualTo(200);
            try (RawClient third = site.dial()) {
                third.expectClose();
            }
            assertThat(site.listener().connectionsRefused()).isOne();
            assertThat(site.listener().clientConnectionsRefused()).isZero();
            assertThat(ask(first)).isEqualTo(200);

            second.abort();
            await().until(() -> site.listener().connectionsOpen() == 1);
            try (RawClient next = site.dial()) {
                assertThat(ask(next)).isEqualTo(200);
            }
        }
    }

    @Test
    void theConnectionsOfOneClientAndNotOfAnother() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .listener(made -> made.limits(
                                limits -> limits.connections(Limit.unlimited()).connectionsPerClient(1)))
                        .start();
                RawClient first = site.dial()) {
            assertThat(ask(first)).isEqualTo(200);
            try (RawClient second = site.dial()) {
                second.expectClose();
            }
            assertThat(site.listener().clientConnectionsRefused()).isOne();
            assertThat(site.listener().connectionsRefused()).isZero();
            try (RawClient other = RawClient.connect(Dial.to(site.port()).from("127.0.0.2"))) {
                assertThat(ask(other)).isEqualTo(200);
            }
        }
    }

    @Test
    void theStreamsOfAConnection() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                Site site = Site.before(upstream)
                        .listener(made -> made.limits(limits -> limits.streams(3)))
                        .start();
                RawH2Client client = RawH2Client.connect(site.port())) {
            List<Integer> open = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                open.add(client.open(client.head("GET", "/"), true));
            }
            upstream.awaitRequests(3);
            int refused = client.open(client.head("GET", "/refused"), true);

            assertThat(client.awaitReset(refused)).isEqualTo(H2Error.REFUSED_STREAM);
            assertThat(site.nextRecord().response().reason()).contains("too_many_streams");
            assertThat(site.failures("too_many_streams")).isOne();
            upstream.release();
            for (int stream : open) {
                assertThat(client.awaitResponse(stream).status()).isEqualTo(200);
            }
            assertThat(upstream.requestCount()).isEqualTo(3);
        }
    }

    @Test
    void theConnectionsToEndpointsAndTheRequestsThatWait() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                Site site = Site.before(upstream)
                        .cluster(
                                made -> made.pool(pool -> pool.maxConnections(1).maxPending(1)))
                        .start();
                RawClient served = site.dial();
                RawClient waiting = site.dial()) {
            served.send(GET);
            upstream.awaitRequest();
            waiting.send(GET);
            await().until(() -> site.cluster().pending() == 1);

            RawResponse response = site.ask(GET);

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.headers().first("x-lb4j-reason")).contains("overloaded");
            assertThat(response.headers().first("retry-after")).isPresent();
            assertThat(site.nextRecord().response().reason()).contains("overloaded");
            assertThat(site.failures("overloaded")).isOne();

            upstream.release();
            assertThat(served.readResponse().status()).isEqualTo(200);
            upstream.awaitRequests(2);
            upstream.release();
            assertThat(waiting.readResponse().status()).isEqualTo(200);
            assertThat(upstream.connections().accepted()).isOne();
        }
    }

    @Test
    void theRequestsOfAConnectionToAnEndpoint() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .cluster(made -> made.pool(pool -> pool.maxRequests(2)))
                        .start();
                RawClient client = site.dial()) {
            for (int i = 0; i < 5; i++) {
                assertThat(ask(client)).isEqualTo(200);
            }
            assertThat(upstream.connections().accepted()).isEqualTo(3);
        }
    }

    @Test
    void theIdleConnectionsToEndpoints() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                Site site = Site.before(upstream)
                        .cluster(made -> made.pool(pool -> pool.maxIdle(1).idleTimeout(Duration.ofMillis(300))))
                        .start();
                RawClient one = site.dial();
                RawClient other = site.dial()) {
            one.send(GET);
            other.send(GET);
            upstream.awaitRequests(2);
            assertThat(upstream.connections().accepted()).isEqualTo(2);
            upstream.release();
            one.readResponse();
            other.readResponse();

            await().until(() -> site.cluster().idleConnections() <= 1);
            await().until(() -> site.cluster().connections() == 0);
        }
    }
}
