package io.lb4j;

import io.lb4j.model.Configuration;
import io.lb4j.spi.ConfigSource;
import io.lb4j.spi.Observer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts in force what a source of configurations says, on a thread of its own, so that the source may speak on any. Of configurations that
 * come faster than they can be put in force the last one counts. Thread-safe.
 */
final class ConfigFollower implements ConfigSource.Listener, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConfigFollower.class);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(20);

    private final ConfigSource source;
    private final AtomicReference<@Nullable Configuration> waiting = new AtomicReference<>();
    private final CompletableFuture<Configuration> first = new CompletableFuture<>();
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new NamedThreads("lb4j-config"));
    private volatile @Nullable LoadBalancer balancer; // once it follows
    private volatile boolean closed;

    ConfigFollower(ConfigSource source) {
        this.source = source;
        executor.allowCoreThreadTimeOut(true);
    }

    /** Starts a balancer with the first configuration that a source has. */
    static LoadBalancer start(ConfigSource source, Duration firstWithin, List<Observer> observers) {
        ConfigFollower follower = new ConfigFollower(source);
        try {
            source.watch(follower);
            Configuration initial = follower.first.get(firstWithin.toNanos(), TimeUnit.NANOSECONDS);
            LoadBalancer started = new LoadBalancer(initial, observers).start();
            started.adopt(follower);
            follower.balancer = started;
            follower.waiting.compareAndSet(initial, null);
            follower.applyLater(); // what came in the meantime
            return started;
        } catch (TimeoutException e) {
            follower.close();
            throw new IllegalStateException("source of configurations: none within " + firstWithin, e);
        } catch (ExecutionException e) {
            follower.close();
            throw new IllegalStateException("source of configurations: none that can be used", e.getCause());
        } catch (InterruptedException e) {
            follower.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the first configuration was waited for", e);
        } catch (RuntimeException e) {
            follower.close();
            throw e;
        }
    }

    void follow(LoadBalancer serving) {
        balancer = serving;
        source.watch(this);
    }

    @Override
    public void onConfiguration(Configuration configuration) {
        waiting.set(configuration);
        first.complete(configuration);
        applyLater();
    }

    @Override
    public void onError(Throwable reason) {
        LoadBalancer serving = balancer;
        if (serving != null) {
            serving.refused(reason);
        } else {
            LOGGER.warn("the source of configurations has none yet: {}", reason.toString());
        }
    }

    private void applyLater() {
        if (balancer == null || closed) {
            return;
        }
        try {
            executor.execute(this::apply);
        } catch (RejectedExecutionException closing) {
            LOGGER.debug("a configuration came after the end");
        }
    }

    private void apply() {
        LoadBalancer serving = balancer;
        Configuration next = waiting.getAndSet(null);
        if (serving == null || next == null || closed) {
            return;
        }
        try {
            serving.update(next);
        } catch (RuntimeException refused) {
            // The balancer has noted it; what is in force stays so, and the source is listened to further on.
            LOGGER.debug("a configuration of a source was refused", refused);
        }
    }

    @Override
    public void close() {
        closed = true;
        source.close();
        NamedThreads.end(executor, END_TIMEOUT);
    }
}
