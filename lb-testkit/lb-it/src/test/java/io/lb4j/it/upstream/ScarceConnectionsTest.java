package io.lb4j.it.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.it.fixture.Site;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fewer connections than event loops, or than endpoints: nobody starves, and no limit is exceeded. */
final class ScarceConnectionsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int LOOPS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30); // more than a round takes on a busy machine

    @ParameterizedTest
    @CsvSource({"HTTP_1, 1", "HTTP_1, 2", "HTTP_2, 1", "HTTP_2, 2"})
    void everyLoopAndEveryEndpointHasItsShare(Spoken spoken, int limit) throws Exception {
        List<Target> targets = spoken.three();
        try (Site site = Site.at(Target.ports(targets))
                        .loops(LOOPS)
                        .cluster(made -> made.protocol(spoken.protocol())
                                .pool(pool -> pool.maxConnections(limit).pendingTimeout(PATIENCE)))
                        .start();
                Load load = Load.start(site.port(), 4)) {
            for (int i = 0; i < 30; i++) {
                load.awaitAnswers(10);
                assertThat(site.cluster().connections()).isLessThanOrEqualTo(limit);
            }
            load.stop();

            assertThat(load.failures()).isEmpty();
            assertThat(load.failedPosts()).isEmpty();
            assertThat(site.cluster().connectionHandOvers()).isPositive();
            assertThat(site.cluster().pending()).isZero();
        } finally {
            targets.forEach(Target::close);
        }
    }

    @Test
    void aConnectionThatOneLoopHoldsIdleServesAnother() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Site site = Site.before(upstream)
                        .loops(LOOPS)
                        .cluster(made -> made.pool(pool -> pool.maxConnections(1)))
                        .start()) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 4 * LOOPS; i++) {
                clients.add(site.dial());
            }
            for (RawClient client : clients) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }
            clients.forEach(RawClient::close);

            assertThat(site.cluster().connectionHandOvers()).isPositive();
            assertThat(upstream.connections().accepted())
                    .isEqualTo(1 + (int) site.cluster().connectionHandOvers());
            assertThat(site.cluster().connections()).isOne();
        }
    }

    @Test
    void whereThereIsEnoughNothingChangesHands() throws Exception {
        List<Target> targets = Spoken.HTTP_1.three();
        try (Site site = Site.at(Target.ports(targets)).loops(LOOPS).start();
                Load load = Load.start(site.port(), 2)) {
            load.awaitAnswers(200);
            load.stop();

            assertThat(load.failures()).isEmpty();
            assertThat(site.cluster().connectionHandOvers()).isZero();
        } finally {
            targets.forEach(Target::close);
        }
    }
}
