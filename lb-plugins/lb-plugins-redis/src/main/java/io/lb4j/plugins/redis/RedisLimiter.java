package io.lb4j.plugins.redis;

import io.lb4j.config.Settings;
import io.lb4j.plugins.limit.Limiter;
import io.lb4j.plugins.limit.LocalLimiter;
import io.lb4j.plugins.limit.RateLimitOptions;
import io.lb4j.spi.PluginContext;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateAdapter;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts on Redis. While it is away, and for a moment after it has failed several times in a row, requests are counted here, let through or refused, as
 * configured. Thread-safe; never blocks.
 */
final class RedisLimiter implements Limiter {
    private static final Logger LOGGER = LoggerFactory.getLogger(RedisLimiter.class);
    private static final int MANY_FAILURES = 3;
    private static final long REST_NANOS = 1_000_000_000L;
    private static final long AGAIN_SECONDS = 1;
    private static final long END_SECONDS = 5;
    private static final int MOST_WAITING = 10_000;
    private static final Decision REFUSED = new Decision(false, 0, REST_NANOS, REST_NANOS);

    private final Decision allowed; // where nobody counts
    private final CountScript script;
    private final LocalLimiter local;
    private final RedisOptions.Away whenAway;
    private final String prefix;
    private final ClientResources resources;
    private final RedisClient client;
    private final ScheduledExecutorService worker;
    private final PluginContext.Metric fallbacks;
    private final PluginContext.Dependency redis;
    private final AtomicInteger failuresInRow = new AtomicInteger();
    private final AtomicBoolean away = new AtomicBoolean();
    private volatile long restUntilNanos = System.nanoTime();
    private volatile @Nullable StatefulRedisConnection<String, String> connection;
    private volatile boolean closed;

    private RedisLimiter(Settings settings, PluginContext context) {
        allowed = new Decision(true, RateLimitOptions.quota(settings).burst(), 0, 0);
        script = new CountScript(settings);
        local = RateLimitOptions.local(settings);
        whenAway = settings.value(RedisOptions.WHEN_AWAY);
        prefix = settings.value(RedisOptions.PREFIX) + context.place() + ":";
        worker = context.scheduler();
        fallbacks = context.metric("fallbacks");
        redis = context.dependency("redis");
        resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        client = RedisClient.create(resources, uri(settings));
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_WAITING)
                .timeoutOptions(TimeoutOptions.enabled(settings.value(RedisOptions.TIMEOUT)))
                .build());
        client.addListener(new RedisConnectionStateAdapter() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                if (!closed && connection != null) {
                    noteAway(new IOException("the connection is lost")); // an idle balancer is to know it as well
                }
            }
        });
    }

    /** Opens a limiter; it begins to connect, and counts as it can until it has. */
    static RedisLimiter open(Settings settings, PluginContext context) {
        RedisLimiter limiter = new RedisLimiter(settings, context);
        limiter.connect(settings);
        return limiter;
    }

    private static RedisURI uri(Settings settings) {
        URI url = settings.value(RedisOptions.URL);
        RedisURI uri = RedisURI.create(url);
        uri.setTimeout(Duration.ofSeconds(END_SECONDS)); // of connecting; commands have one of their own
        String user = settings.find(RedisOptions.USER).orElse("default");
        settings.find(RedisOptions.PASSWORD)
                .ifPresent(password ->
                        uri.setCredentialsProvider(new StaticCredentialsProvider(user, password.toCharArray())));
        return uri;
    }

    private void connect(Settings settings) {
        if (closed) {
            return;
        }
        client.connectAsync(StringCodec.UTF8, uri(settings)).whenComplete((made, failure) -> {
            if (made != null) {
                connection = made;
                if (closed) {
                    made.closeAsync();
                }
                return;
            }
            noteAway(failure);
            later(() -> connect(settings));
        });
    }

    private void later(Runnable task) {
        try {
            worker.schedule(task, AGAIN_SECONDS, TimeUnit.SECONDS);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("the plugin has ended", e);
        }
    }

    /** Looks whether Redis is back, also where nobody asks anything. */
    private void look() {
        StatefulRedisConnection<String, String> open = connection;
        if (closed || !away.get()) {
            return;
        }
        if (open == null) {
            later(this::look);
            return;
        }
        open.async().ping().whenComplete((pong, failure) -> {
            if (failure == null) {
                noteBack();
            } else {
                later(this::look);
            }
        });
    }

    @Override
    public void take(String key, Consumer<? super Decision> then) {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null || System.nanoTime() - restUntilNanos < 0) {
            then.accept(withoutRedis(key));
            return;
        }
        script.count(open.async(), prefix + key).whenComplete((decision, failure) -> {
            if (decision != null) {
                noteBack();
                then.accept(decision);
            } else {
                noteAway(failure);
                then.accept(withoutRedis(key));
            }
        });
    }

    private Decision withoutRedis(String key) {
        fallbacks.add(1);
        return switch (whenAway) {
            case LOCAL -> local.take(key);
            case ALLOW -> allowed;
            case REFUSE -> REFUSED;
        };
    }

    private void noteAway(Throwable reason) {
        if (failuresInRow.incrementAndGet() >= MANY_FAILURES) {
            restUntilNanos = System.nanoTime() + REST_NANOS;
        }
        redis.troubled("away, requests are dealt with by " + whenAway + ": " + reason);
        if (!away.getAndSet(true)) {
            later(this::look);
        }
    }

    private void noteBack() {
        if (failuresInRow.get() != 0) {
            failuresInRow.set(0);
        }
        if (away.get() && away.getAndSet(false)) {
            redis.well();
        }
    }

    @Override
    public long keys() {
        return local.keys();
    }

    @Override
    public void close() {
        closed = true;
        client.shutdown(Duration.ZERO, Duration.ofSeconds(END_SECONDS));
        resources.shutdown(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
    }
}
