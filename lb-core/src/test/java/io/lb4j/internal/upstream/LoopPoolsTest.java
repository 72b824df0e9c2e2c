package io.lb4j.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.ClusterShare;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.PoolSettings;
import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.model.Endpoint;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connections of one loop, which are made, or not, when a test says so. */
final class LoopPoolsTest {
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final LoopPools pools = new LoopPools(new LoopContext(loop, 0));
    private final ClusterShare share = new ClusterShare();
    private long generation;
    private final EndpointState endpoint =
            new EndpointState(Endpoint.of("127.0.0.1", 80), Tuning.DEFAULT, System::nanoTime, state -> {});

    @AfterEach
    void nothingIsLeft() {
        onLoop(pools::closeAll);
        onLoop(() -> {
            assertThat(pools.isEmpty()).isTrue();
            assertThat(List.of(share.connections(), share.idle(), share.pending()))
                    .containsOnly(0);
        });
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, loop).join();
    }

    private UpstreamCluster cluster(ScriptedConnector connector) {
        return new UpstreamCluster(connector, PoolSettings.defaults(), share, ++generation);
    }

    private AskedStream ask(UpstreamCluster cluster) {
        AskedStream asked = new AskedStream();
        pools.acquire(cluster, endpoint, asked);
        return asked;
    }

    private List<AskedStream> ask(UpstreamCluster cluster, int count) {
        List<AskedStream> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            asked.add(ask(cluster));
        }
        return asked;
    }

    @Test
    void aConnectionThatFailsFailsTheRequestItWasForAndIsNotTriedAgainFromHere() {
        ScriptedConnector connector = new ScriptedConnector(1);
        UpstreamCluster cluster = cluster(connector);
        onLoop(() -> {
            List<AskedStream> asked = ask(cluster, 3);
            assertThat(connector.attempts()).hasSize(3);

            connector.attempt(0).fail();
            connector.attempt(1).fail();

            assertThat(connector.attempts()).as("attempts").hasSize(3);
            assertThat(asked.get(0).failure()).map(ProxyException::kind).contains(Kind.CONNECT_FAILED);
            assertThat(asked.get(1).failure()).isPresent();
            assertThat(asked.get(2).isWaiting()).isTrue();
            connector.attempt(2).succeed().endStream();
            assertThat(asked.get(2).isServed()).isTrue();
        });
    }

    @Test
    void aConnectionOfManyStreamsThatFailsFailsAllThatItWasFor() {
        ScriptedConnector connector = new ScriptedConnector(3);
        UpstreamCluster cluster = cluster(connector);
        onLoop(() -> {
            List<AskedStream> asked = ask(cluster, 5);
            assertThat(connector.attempts()).hasSize(2);

            connector.attempt(0).fail();

            assertThat(connector.attempts()).hasSize(2);
            assertThat(asked.stream().filter(AskedStream::isWaiting)).hasSize(3);
            connector.attempt(1).succeed();
            assertThat(asked.stream().filter(AskedStream::isServed)).hasSize(3);
        });
    }

    @Test
    void aRequestThatComesBackAtOnceHasAnAttemptOfItsOwn() {
        ScriptedConnector connector = new ScriptedConnector(1);
        UpstreamCluster cluster = cluster(connector);
        onLoop(() -> {
            AskedStream again = new AskedStream();
            pools.acquire(cluster, endpoint, new AskedStream() {
                @Override
                public void onUnavailable(ProxyException failure) {
                    pools.acquire(cluster, endpoint, again);
                }
            });

            connector.attempt(0).fail();

            assertThat(connector.attempts()).hasSize(2);
            assertThat(again.isWaiting()).isTrue();
            connector.attempt(1).fail();
            assertThat(connector.attempts()).hasSize(2);
            assertThat(again.failure()).isPresent();
        });
    }

    @Test
    void thoseWhoWaitForAConnectionThatIsBusyGoOnWaitingWhenAnotherCannotBeMade() {
        ScriptedConnector connector = new ScriptedConnector(1);
        UpstreamCluster cluster = cluster(connector);
        onLoop(() -> {
            AskedStream served = ask(cluster);
            ScriptedConnection busy = connector.attempt(0).succeed();
            assertThat(served.isServed()).isTrue();
            List<AskedStream> asked = ask(cluster, 2);

            connector.attempt(1).fail();
            assertThat(asked.get(0).failure()).isPresent();
            assertThat(asked.get(1).isWaiting()).isTrue();

            busy.endStream();
            assertThat(asked.get(1).isServed()).isTrue();
            connector.attempt(2).fail();
        });
    }

    @Test
    void anExchangeThatBringsAnOlderConfigurationIsServedByTheConnectionsOfTheNewOne() {
        ScriptedConnector older = new ScriptedConnector(1);
        ScriptedConnector newer = new ScriptedConnector(1);
        UpstreamCluster before = cluster(older);
        UpstreamCluster after = cluster(newer);
        onLoop(() -> {
            ask(before);
            ScriptedConnection first = older.attempt(0).succeed();
            ask(after);
            ScriptedConnection second = newer.attempt(0).succeed();
            first.endStream();
            assertThat(first.isClosed()).as("nobody asks for it any more").isTrue();
            second.endStream();

            assertThat(ask(before).isServed()).isTrue();

            assertThat(older.attempts()).hasSize(1);
            assertThat(newer.attempts()).hasSize(1);
        });
    }

    @Test
    void anExchangeThatComesLateToAnEndpointThatHasLeftIsServedAndNothingIsKept() {
        ScriptedConnector connector = new ScriptedConnector(1);
        UpstreamCluster cluster = cluster(connector);
        onLoop(() -> {
            endpoint.leave();
            pools.retire(endpoint);

            AskedStream asked = ask(cluster);
            ScriptedConnection connection = connector.attempt(0).succeed();
            assertThat(asked.isServed()).isTrue();
            assertThat(connection.isClosed()).isFalse();

            connection.endStream();
            assertThat(connection.isClosed()).isTrue();
            assertThat(pools.isEmpty()).isTrue();
        });
    }

    @Test
    void whoWaitsAtAnEndpointThatLeavesIsServedThere() {
        ScriptedConnector connector = new ScriptedConnector(1);
        UpstreamCluster cluster = cluster(connector);
        onLoop(() -> {
            AskedStream waiting = ask(cluster);
            endpoint.leave();
            pools.retire(endpoint);
            assertThat(waiting.isWaiting()).isTrue();

            ScriptedConnection connection = connector.attempt(0).succeed();
            assertThat(waiting.isServed()).isTrue();
            connection.endStream();
            assertThat(pools.isEmpty()).isTrue();
        });
    }

    @Test
    void whoStillWaitsWhenEverythingIsClosedIsTold() {
        ScriptedConnector connector = new ScriptedConnector(1);
        UpstreamCluster cluster = cluster(connector);
        onLoop(() -> {
            AskedStream waiting = ask(cluster);
            pools.closeAll();
            assertThat(waiting.failure()).map(ProxyException::kind).contains(Kind.DRAINED);
            connector.attempt(0).succeed();
        });
    }
}
