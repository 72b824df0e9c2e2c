package io.lb4j.benchmarks;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.ClusterShare;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.PoolSettings;
import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.model.Endpoint;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs a request to have a connection of HTTP/1.1 from its loop's pool and to give it back, without sockets: where every loop has
 * its own, and where there is one for two loops, so that connections change hands. Four requests are under way on each loop.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HandOverBenchmark {
    private static final int REQUESTS = 16_000; // divides by the loops and by those under way
    private static final int UNDER_WAY = 4;

    /** How many event loops there are. */
    @Param({"1", "2", "16"})
    public int loops;

    /** Whether there are connections for all requests that are under way, or one for two loops. */
    @Param({"false", "true"})
    public boolean scarce;

    private final List<PoolCustomer> customers = new ArrayList<>();
    private final ClusterShare share = new ClusterShare();
    private final List<EventLoop> eventLoops = new ArrayList<>();

    /** What is counted beside the time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counts {
        /** Connections that have changed hands. */
        public long handOvers;

        /** Requests, all in all. */
        public long requests;

        /** Begins to count anew. */
        @Setup(Level.Iteration)
        public void clear() {
            handOvers = 0;
            requests = 0;
        }
    }

    /** Makes the loops and their pools. */
    @Setup
    public void prepare() {
        PoolSettings defaults = PoolSettings.defaults();
        int limit = scarce ? Math.max(1, loops / 2) : loops * UNDER_WAY;
        PoolSettings settings = new PoolSettings(
                new PoolSettings.Limits(limit, limit, loops * UNDER_WAY, Integer.MAX_VALUE), defaults.times());
        UpstreamCluster cluster = new UpstreamCluster(new InstantConnector(), settings, share, 1);
        EndpointState endpoint =
                new EndpointState(Endpoint.of("10.0.0.1", 80), Tuning.DEFAULT, System::nanoTime, changed -> {});
        for (int i = 0; i < loops; i++) {
            EventLoop eventLoop = new DefaultEventLoop();
            eventLoops.add(eventLoop);
            customers.add(new PoolCustomer(new LoopContext(eventLoop, i), cluster, endpoint));
        }
    }

    /** Ends the loops. */
    @TearDown
    public void end() {
        customers.forEach(PoolCustomer::close);
        eventLoops.forEach(eventLoop ->
                eventLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly());
    }

    /** Serves many requests on all loops. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public long request(Counts counts) throws InterruptedException {
        long before = share.handOvers();
        CountDownLatch done = new CountDownLatch(loops * UNDER_WAY);
        for (PoolCustomer customer : customers) {
            customer.begin(UNDER_WAY, REQUESTS / loops / UNDER_WAY, done);
        }
        done.await();
        counts.handOvers += share.handOvers() - before;
        counts.requests += REQUESTS;
        return counts.handOvers;
    }
}
