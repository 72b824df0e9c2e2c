package io.lb4j.it.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.ClusterBuilder;
import io.lb4j.it.fixture.Site;
import io.lb4j.model.ProxyProtocol;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.TimeBound;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of connections, and of what is counted of them, when a cluster is configured otherwise while it is used. */
@TimeBound
final class PoolSurvivesUpdatesTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Duration SHORT = Duration.ofMillis(200);

    /** What may change without a connection being made in another way. */
    record Change(String name, Consumer<ClusterBuilder> more) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Change> changes() {
        return Stream.of(
                new Change("max_connections", made -> made.pool(pool -> pool.maxConnections(7))),
                new Change("max_idle", made -> made.pool(pool -> pool.maxIdle(7))),
                new Change("max_pending", made -> made.pool(pool -> pool.maxPending(7))),
                new Change("max_streams", made -> made.pool(pool -> pool.maxStreams(7))),
                new Change("max_requests", made -> made.pool(pool -> pool.maxRequests(1000))),
                new Change("idle_timeout", made -> made.pool(pool -> pool.idleTimeout(Duration.ofSeconds(7)))),
                new Change("pending_timeout", made -> made.pool(pool -> pool.pendingTimeout(Duration.ofSeconds(7)))),
                new Change("connect_timeout", made -> made.connectTimeout(Duration.ofSeconds(7))),
                new Change("tls_handshake_timeout", made -> made.tlsHandshakeTimeout(Duration.ofSeconds(7))),
                new Change("drain_timeout", made -> made.drainTimeout(Duration.ofSeconds(7))),
                new Change("balance", made -> made.balance("random")));
    }

    private static int ask(RawClient client) {
        return client.send(GET).readResponse().status();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aChangeOfHowConnectionsAreKeptLeavesThemAsTheyAre(Change change) {
        ServerTls tls = ServerTls.with(TestCertificates.create().server("localhost"));
        try (ScriptedUpstream plain = ScriptedUpstream.start();
                ScriptedUpstream secured =
                        ScriptedUpstream.start(script -> script.tls(tls).onAny().answer(200))) {
            assertKept(plain, change, made -> {});
            assertKept(secured, change, made -> made.tls(insecure -> insecure.insecure()));
        }
    }

    private static void assertKept(ScriptedUpstream upstream, Change change, Consumer<ClusterBuilder> basis) {
        try (Site site = Site.before(upstream).cluster(basis).start();
                RawClient client = site.dial()) {
            assertThat(ask(client)).isEqualTo(200);

            site.update(Site.before(upstream).cluster(basis.andThen(change.more())));

            assertThat(ask(client)).isEqualTo(200);
            assertThat(upstream.connections().accepted()).isOne();
            assertThat(site.cluster().connections()).isOne();
        }
    }

    @Test
    void aChangeOfWhatConnectionsAreMadeOfMakesNewOnes() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream).start();
                RawClient client = site.dial()) {
            assertThat(ask(client)).isEqualTo(200);

            site.update(Site.before(upstream).cluster(made -> made.proxyProtocol(ProxyProtocol.V1)));
            client.send(GET);

            upstream.awaitConnections(connections -> connections.accepted() == 2);
            upstream.awaitConnections(connections -> connections.open() == 1);
        }
    }

    @Test
    void aLimitThatIsLoweredHoldsWhenThePresentRequestsAreOver() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                Site site = Site.before(upstream).start();
                RawClient one = site.dial();
                RawClient other = site.dial()) {
            one.send(GET);
            other.send(GET);
            upstream.awaitRequests(2);

            site.update(Site.before(upstream).cluster(made -> made.pool(pool -> pool.maxConnections(1))));
            try (RawClient third = site.dial()) {
                third.send(GET);
                await().until(() -> site.cluster().pending() == 1);
                upstream.release();
                assertThat(one.readResponse().status()).isEqualTo(200);
                assertThat(other.readResponse().status()).isEqualTo(200);
                upstream.awaitRequests(3);
                upstream.release();
                assertThat(third.readResponse().status()).isEqualTo(200);
            }
            await().until(() -> site.cluster().connections() <= 1);
            assertThat(upstream.connections().accepted()).isEqualTo(2);
        }
    }

    @Test
    void aRetryBudgetThatIsUsedUpStaysUsedUp() {
        try (ScriptedUpstream failing =
                        ScriptedUpstream.start(script -> script.onAny().reset());
                Site site = budgeted(failing, 1).start();
                RawClient client = site.dial()) {
            int asked = 0;
            long before;
            do {
                before = failing.requestCount();
                assertThat(ask(client)).isEqualTo(502);
                asked++;
            } while (failing.requestCount() - before > 1);
            assertThat(asked).as("requests until no retry is left").isEqualTo(11);

            site.update(budgeted(failing, 2));
            before = failing.requestCount();
            assertThat(ask(client)).isEqualTo(502);
            assertThat(failing.requestCount() - before).isOne();
        }
    }

    /** Allows a retry in each second, and looks at ten of them. */
    private static Site.Plan budgeted(ScriptedUpstream upstream, int seconds) {
        return Site.before(upstream)
                .cluster(made -> made.ejection(ejection -> ejection.off()).connectTimeout(Duration.ofSeconds(seconds)))
                .route(made -> made.retry(
                        retry -> retry.count(1).budget(0).budgetMinPerSecond(1).backoffBase(Duration.ofMillis(1))));
    }

    @Test
    void anExchangeThatBeganBeforeItsClusterWasRemovedStillFindsItsEndpoints() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/").times(1).reset();
                    script.onAny().answer(200);
                });
                Site site = waitingASecond(upstream).start();
                RawClient client = site.dial()) {
            client.send(GET);
            upstream.awaitRequest();

            site.remove();

            assertThat(site.ask(GET).status()).isEqualTo(410);
            assertThat(client.readResponse().status()).isEqualTo(200);
            upstream.awaitConnections(connections -> connections.open() == 0);
        }
    }

    private static Site.Plan waitingASecond(ScriptedUpstream upstream) {
        return Site.before(upstream)
                .route(made -> made.retry(retry -> retry.backoffBase(Duration.ofSeconds(1))
                        .backoffMax(Duration.ofSeconds(1))
                        .jitter(0)));
    }

    @ParameterizedTest
    @EnumSource
    void whatGoesOnAtAnEndpointThatLeavesIsFinished(Leaving leaving) {
        try (ScriptedUpstream leaver =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                ScriptedUpstream stayer = ScriptedUpstream.start();
                Site site = Site.before(leaver)
                        .cluster(made -> made.pool(pool -> pool.maxConnections(1)))
                        .start();
                RawClient served = site.dial();
                RawClient waiting = site.dial()) {
            served.send(GET);
            leaver.awaitRequest();
            waiting.send(GET);
            await().until(() -> site.cluster().pending() == 1);

            leaving.from(site, stayer);

            leaver.release();
            assertThat(served.readResponse().status()).isEqualTo(200);
            leaver.awaitRequests(2);
            leaver.release();
            assertThat(waiting.readResponse().status()).isEqualTo(200);
            leaver.awaitConnections(connections -> connections.open() == 0);
        }
    }

    /** How an endpoint leaves. */
    enum Leaving {
        /** Another takes its place. */
        ALONE {
            @Override
            void from(Site site, ScriptedUpstream stayer) {
                site.update(Site.before(stayer).cluster(made -> made.pool(pool -> pool.maxConnections(1))));
            }
        },
        /** With its cluster. */
        WITH_ITS_CLUSTER {
            @Override
            void from(Site site, ScriptedUpstream stayer) {
                site.remove();
            }
        };

        abstract void from(Site site, ScriptedUpstream stayer);
    }

    @Test
    void whatIsNotFinishedInTimeIsCutAndWhatStillWaitsThereIsTriedElsewhere() {
        try (ScriptedUpstream leaver =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200));
                ScriptedUpstream stayer = ScriptedUpstream.start();
                Site site = draining(leaver).start();
                RawClient served = site.dial();
                RawClient waiting = site.dial()) {
            served.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            leaver.awaitRequest();
            waiting.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            await().until(() -> site.cluster().pending() == 1);

            site.update(draining(stayer));

            assertThat(served.readResponse().status()).isEqualTo(503);
            assertThat(waiting.readResponse().status()).isEqualTo(200);
            assertThat(stayer.requestCount()).isOne();
        }
    }

    private static Site.Plan draining(ScriptedUpstream upstream) {
        return Site.before(upstream).cluster(made -> made.drainTimeout(SHORT).pool(pool -> pool.maxConnections(1)));
    }

    @ParameterizedTest
    @EnumSource(Spoken.class)
    void whateverChangesUnderLoadEverythingIsAnsweredAndNothingIsLeftCounted(Spoken spoken) throws Exception {
        List<Target> targets = spoken.three();
        Random random = new Random(1);
        try (Site site = changing(spoken, targets, random).start();
                Load load = Load.start(site.port(), 2)) {
            for (int i = 0; i < 30; i++) {
                List<Target> some = new ArrayList<>(targets);
                some.remove(random.nextInt(4) % some.size());
                site.update(changing(spoken, some, random));
                load.awaitAnswers(20);
            }
            load.stop();

            assertThat(load.failures()).isEmpty();
            await().untilAsserted(() -> {
                assertThat(site.cluster().connections()).as("connections").isZero();
                assertThat(site.cluster().idleConnections()).as("idle").isZero();
                assertThat(site.cluster().pending()).as("pending").isZero();
            });
            assertThat(site.cluster().endpoints().values()).allMatch(endpoint -> endpoint.inFlight() == 0);
        } finally {
            targets.forEach(Target::close);
        }
    }

    private static Site.Plan changing(Spoken spoken, List<Target> targets, Random random) {
        int figure = 1 + random.nextInt(20);
        UpstreamProtocol protocol =
                spoken == Spoken.HTTP_1 && random.nextBoolean() ? UpstreamProtocol.AUTO : spoken.protocol();
        return Site.at(Target.ports(targets))
                .loops(2)
                .cluster(made -> made.protocol(protocol)
                        .connectTimeout(Duration.ofSeconds(figure))
                        .drainTimeout(Duration.ofSeconds(2 + figure))
                        .pool(pool -> pool.maxIdle(figure)
                                .idleTimeout(SHORT)
                                .maxConnections(20 + figure)
                                .maxRequests(10L * figure)));
    }
}
