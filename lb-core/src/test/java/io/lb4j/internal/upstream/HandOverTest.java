package io.lb4j.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Version;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.ClusterShare;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.PoolSettings;
import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientStream;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fewer connections than event loops and endpoints: they change hands. */
final class HandOverTest {
    private final ClusterShare share = new ClusterShare();
    private final List<Loop> loops = new ArrayList<>();

    /** An event loop with its pools and a connector of its own. */
    private final class Loop {
        private final EventLoop eventLoop = new DefaultEventLoop();
        private final LoopPools pools = new LoopPools(new LoopContext(eventLoop, loops.size()));
        private final ScriptedConnector connector;
        private UpstreamCluster cluster;

        Loop(int streams, int limit) {
            connector = new ScriptedConnector(streams);
            cluster = configured(limit, 1);
            loops.add(this);
        }

        private UpstreamCluster configured(int limit, long generation) {
            PoolSettings defaults = PoolSettings.defaults();
            return new UpstreamCluster(
                    connector,
                    new PoolSettings(
                            new PoolSettings.Limits(limit, 1000, 100_000, Integer.MAX_VALUE), defaults.times()),
                    share,
                    generation);
        }

        void limit(int limit) {
            cluster = configured(limit, cluster.generation() + 1);
        }

        <T> T on(Supplier<T> action) {
            return CompletableFuture.supplyAsync(action, eventLoop).join();
        }

        AskedStream ask(EndpointState endpoint) {
            return on(() -> {
                AskedStream asked = new AskedStream();
                pools.acquire(cluster, endpoint, asked);
                return asked;
            });
        }

        int attempts() {
            return on(() -> connector.attempts().size());
        }

        ScriptedConnection succeed(int attempt) {
            await().until(() -> attempts() > attempt);
            return on(() -> connector.attempt(attempt).succeed());
        }

        boolean endStream(ScriptedConnection connection) {
            return on(() -> {
                connection.endStream();
                return connection.isClosed();
            });
        }

        boolean isClosed(ScriptedConnection connection) {
            return on(connection::isClosed);
        }

        boolean isServed(AskedStream asked) {
            return on(asked::isServed);
        }
    }

    @AfterEach
    void nothingIsLeft() {
        loops.forEach(loop -> loop.on(() -> {
            loop.pools.closeAll();
            return true;
        }));
        // What was on its way to one of them arrives, and is given back.
        await().untilAsserted(() -> assertThat(List.of(share.connections(), share.idle(), share.pending()))
                .containsOnly(0));
        assertThat(share.tryConnection(1)).as("nobody waits for a place").isTrue();
        loops.forEach(loop ->
                loop.eventLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly());
    }

    private static EndpointState endpoint(int port) {
        return new EndpointState(Endpoint.of("127.0.0.1", port), Tuning.DEFAULT, System::nanoTime, state -> {});
    }

    @Test
    void aConnectionThatAnotherLoopHoldsIdleIsGivenUpForWhoHasNone() {
        EndpointState endpoint = endpoint(1);
        Loop rich = new Loop(1, 1);
        Loop poor = new Loop(1, 1);
        rich.ask(endpoint);
        ScriptedConnection idle = rich.succeed(0);
        assertThat(rich.endStream(idle)).isFalse();

        AskedStream asked = poor.ask(endpoint);
        ScriptedConnection made = poor.succeed(0);

        assertThat(poor.isServed(asked)).isTrue();
        assertThat(rich.isClosed(idle)).isTrue();
        assertThat(share.connections()).isOne();
        assertThat(share.handOvers()).isOne();
        poor.endStream(made);
    }

    @Test
    void aConnectionThatBecomesIdleIsGivenUpForWhoWaits() {
        EndpointState endpoint = endpoint(1);
        Loop rich = new Loop(1, 1);
        Loop poor = new Loop(1, 1);
        rich.ask(endpoint);
        ScriptedConnection busy = rich.succeed(0);
        AskedStream asked = poor.ask(endpoint);
        assertThat(poor.attempts()).isZero();

        assertThat(rich.endStream(busy)).isTrue();
        poor.succeed(0);

        assertThat(poor.isServed(asked)).isTrue();
        assertThat(share.handOvers()).isOne();
    }

    @Test
    void anotherEndpointOfTheSameLoopHasItsShareToo() {
        Loop loop = new Loop(1, 1);
        loop.ask(endpoint(1));
        loop.endStream(loop.succeed(0));

        AskedStream asked = loop.ask(endpoint(2));
        loop.succeed(1);

        assertThat(loop.isServed(asked)).isTrue();
        assertThat(share.handOvers()).isOne();
    }

    @Test
    void aConnectionForWhichTheOwnLoopHasWorkIsGivenUpWhenItsTurnIsOver() {
        EndpointState endpoint = endpoint(1);
        Loop rich = new Loop(1, 1);
        Loop poor = new Loop(1, 1);
        rich.ask(endpoint);
        ScriptedConnection busy = rich.succeed(0);
        AskedStream asked = poor.ask(endpoint);

        await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> {
            rich.ask(endpoint);
            return rich.endStream(busy);
        });
        poor.succeed(0);

        assertThat(poor.isServed(asked)).isTrue();
    }

    @Test
    void aConnectionWhoseStreamsGoOnIsGivenUpWhenTheyHaveEnded() {
        EndpointState endpoint = endpoint(1);
        Loop rich = new Loop(10, 1);
        Loop poor = new Loop(10, 1);
        AskedStream first = rich.ask(endpoint);
        ScriptedConnection busy = rich.succeed(0);
        AskedStream asked = poor.ask(endpoint);

        await().pollInterval(1, TimeUnit.MILLISECONDS).until(() -> {
            AskedStream more = rich.ask(endpoint);
            if (!rich.isServed(more)) {
                return true; // it takes no more
            }
            rich.endStream(busy);
            return false;
        });
        assertThat(rich.isServed(first)).isTrue();
        assertThat(rich.isClosed(busy)).as("the first stream goes on").isFalse();
        assertThat(poor.attempts()).isZero();

        assertThat(rich.endStream(busy)).isTrue();
        poor.succeed(0);
        assertThat(poor.isServed(asked)).isTrue();
    }

    @Test
    void whoNoLongerWaitsTakesNothingFromOthers() {
        EndpointState endpoint = endpoint(1);
        Loop rich = new Loop(1, 1);
        Loop poor = new Loop(1, 1);
        rich.ask(endpoint);
        ScriptedConnection busy = rich.succeed(0);
        AskedStream asked = poor.ask(endpoint);
        poor.on(() -> {
            poor.pools.cancel(endpoint, asked);
            return true;
        });

        assertThat(rich.endStream(busy)).isFalse();
        assertThat(share.handOvers()).isZero();
    }

    @Test
    void aLimitThatIsRaisedServesThoseWhoWait() {
        EndpointState endpoint = endpoint(1);
        Loop rich = new Loop(1, 1);
        Loop poor = new Loop(1, 1);
        rich.ask(endpoint);
        rich.succeed(0);
        AskedStream asked = poor.ask(endpoint);

        poor.limit(2);
        AskedStream another = poor.ask(endpoint);
        ScriptedConnection made = poor.succeed(0);

        assertThat(poor.isServed(asked)).isTrue();
        poor.endStream(made);
        assertThat(poor.isServed(another)).isTrue();
    }

    @Test
    void aLimitThatIsLoweredBelowWhatIsIdleLeavesAPlaceForWhoWaits() {
        EndpointState endpoint = endpoint(1);
        Loop rich = new Loop(1, 3);
        Loop poor = new Loop(1, 1);
        List<AskedStream> asked =
                IntStream.range(0, 3).mapToObj(i -> rich.ask(endpoint)).toList();
        assertThat(asked).hasSize(3);
        List<ScriptedConnection> made =
                IntStream.range(0, 3).mapToObj(rich::succeed).toList();
        made.forEach(rich::endStream);
        assertThat(share.idle()).isEqualTo(3);

        AskedStream waiting = poor.ask(endpoint);
        poor.succeed(0);

        assertThat(poor.isServed(waiting)).isTrue();
        assertThat(share.connections()).isOne();
    }

    /** Asks again and again, and ends each stream a little later. Confined to its loop. */
    private static final class Customer extends AskedStream {
        private final Loop loop;
        private final List<EndpointState> endpoints;
        private final AtomicInteger left;
        private final Random random;

        Customer(Loop loop, List<EndpointState> endpoints, AtomicInteger left, int seed) {
            this.loop = loop;
            this.endpoints = endpoints;
            this.left = left;
            random = new Random(seed);
        }

        void ask() {
            loop.pools.acquire(loop.cluster, endpoints.get(random.nextInt(endpoints.size())), this);
        }

        @Override
        public void onStream(ClientStream opened, Version version, boolean isReused) {
            loop.eventLoop.execute(() -> {
                ((ScriptedConnection.Stream) opened).end();
                if (left.decrementAndGet() > 0) {
                    ask();
                }
            });
        }

        @Override
        public void onUnavailable(ProxyException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "1, 40", "7, 1", "7, 3"})
    void everybodyIsServedWhateverTheLimit(int streams, int limit) {
        List<EndpointState> endpoints =
                IntStream.rangeClosed(1, 3).mapToObj(HandOverTest::endpoint).toList();
        List<AtomicInteger> left = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Loop loop = new Loop(streams, limit);
            loop.connector.succeedOn(loop.eventLoop);
            for (int customer = 0; customer < 5; customer++) {
                AtomicInteger requests = new AtomicInteger(200);
                left.add(requests);
                Customer asking = new Customer(loop, endpoints, requests, customer);
                loop.eventLoop.execute(asking::ask);
            }
        }
        await().untilAsserted(() -> assertThat(left).allMatch(requests -> requests.get() == 0));
        assertThat(share.pending()).isZero();
        assertThat(share.connections()).isBetween(1, limit);
    }
}
