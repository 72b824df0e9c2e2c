package io.lb4j.benchmarks;

import io.lb4j.spi.ClusterCall;
import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.PluginContext;
import io.lb4j.spi.ResponseListener;
import io.lb4j.spi.SharedStore;
import io.lb4j.stats.Statistics;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/** Where a plugin stands that is measured by itself: at one event loop, with nobody to call. */
final class PluginPlace implements PluginContext, AutoCloseable {
    private final EventLoop loop = new DefaultEventLoop();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @Override
    public String name() {
        return "measured";
    }

    @Override
    public String place() {
        return "plugins.measured";
    }

    @Override
    public Optional<String> listener() {
        return Optional.empty();
    }

    @Override
    public Optional<String> route() {
        return Optional.empty();
    }

    @Override
    public Map<String, Object> config() {
        return Map.of();
    }

    @Override
    public List<EventLoop> eventLoops() {
        return List.of(loop);
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    @Override
    public ClusterClient clusters() {
        return new ClusterClient() {
            @Override
            public ClusterCall send(ClusterRequest request, Listener listener) {
                throw new UnsupportedOperationException("send");
            }

            @Override
            public ClusterCall open(ClusterRequest request, ResponseListener listener) {
                throw new UnsupportedOperationException("open");
            }
        };
    }

    @Override
    public SharedStore store() {
        throw new UnsupportedOperationException("store");
    }

    @Override
    public Statistics statistics() {
        throw new UnsupportedOperationException("statistics");
    }

    @Override
    public Dependency dependency(String name) {
        return new Dependency() {
            @Override
            public void well() {}

            @Override
            public void troubled(String what) {}
        };
    }

    @Override
    public Metric metric(String name) {
        AtomicLong figure = new AtomicLong();
        return new Metric() {
            @Override
            public void add(long amount) {
                figure.addAndGet(amount);
            }

            @Override
            public void set(long value) {
                figure.set(value);
            }

            @Override
            public long value() {
                return figure.get();
            }
        };
    }

    @Override
    public void close() {
        scheduler.shutdown();
        loop.shutdownGracefully();
    }
}
