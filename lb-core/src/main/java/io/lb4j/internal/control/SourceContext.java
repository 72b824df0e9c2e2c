package io.lb4j.internal.control;

import io.lb4j.dns.DnsClient;
import io.lb4j.dns.DnsSettings;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.spi.Backoff;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watch's surroundings, until it is {@linkplain #end over}. Thread-safe. */
final class SourceContext implements DiscoveryContext {
    private static final Logger LOGGER = LoggerFactory.getLogger(SourceContext.class);

    private final String cluster;
    private final Supplier<DiscoveryPolicy> policy;
    private final ControlContext control;
    private final Consumer<Throwable> onFault; // a task has thrown
    private final Set<Future<?>> tasks = ConcurrentHashMap.newKeySet(); // under way, or waiting for their time
    private volatile boolean over;

    SourceContext(
            String cluster, Supplier<DiscoveryPolicy> policy, ControlContext control, Consumer<Throwable> onFault) {
        this.cluster = cluster;
        this.policy = policy;
        this.control = control;
        this.onFault = onFault;
    }

    /** Interrupts what is under way, and runs nothing more. */
    void end() {
        over = true;
        tasks.forEach(task -> task.cancel(true));
        tasks.clear();
    }

    @Override
    public String cluster() {
        return cluster;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public Executor executor() {
        return this::run;
    }

    private void run(Runnable task) {
        FutureTask<Void> tracked = new FutureTask<>(() -> runSafely(task), null) {
            @Override
            @SuppressWarnings("CollectionUndefinedEquality") // each task is one object
            protected void done() {
                tasks.remove(this);
            }
        };
        tasks.add(tracked);
        if (over) {
            tracked.cancel(false);
            return;
        }
        try {
            control.sources().blocking().execute(tracked);
        } catch (RejectedExecutionException closing) {
            LOGGER.debug("cluster {}: a task of its discovery came after the end", cluster);
            tracked.cancel(false);
        }
    }

    private void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | LinkageError fault) { // such as a library that is missing
            onFault.accept(fault);
        }
    }

    @Override
    public Future<?> schedule(Duration delay, Runnable task) {
        if (over) {
            return CompletableFuture.failedFuture(new IllegalStateException("the watch is over"));
        }
        try {
            tasks.removeIf(Future::isDone);
            Future<?> timer = control.executor().schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            tasks.add(timer);
            if (over) {
                timer.cancel(false);
            }
            return timer;
        } catch (RejectedExecutionException closing) {
            return CompletableFuture.failedFuture(closing);
        }
    }

    @Override
    public long nanoTime() {
        return control.clock().getAsLong();
    }

    @Override
    public EventLoop eventLoop() {
        return control.sources().transport().eventLoop();
    }

    @Override
    public DnsClient dns() {
        return control.sources().dns();
    }

    @Override
    public DnsClient openDns(DnsSettings settings) {
        return DnsClient.open(settings, control.sources().transport());
    }

    @Override
    public Backoff newBackoff() {
        DiscoveryPolicy present = policy.get();
        return new Backoff(present.backoffBase(), present.backoffMax());
    }

    @Override
    public void poll(Discovery discovery, Discovery.Listener listener) {
        run(new Poll(discovery, listener)::ask);
    }

    /** Questions one after the other; each on a thread that may block, never two at once. */
    private final class Poll {
        private final Discovery discovery;
        private final Discovery.Listener listener;
        private final Backoff backoff = newBackoff();

        Poll(Discovery discovery, Discovery.Listener listener) {
            this.discovery = discovery;
            this.listener = listener;
        }

        void ask() {
            Duration wait;
            try {
                listener.onEndpoints(discovery.discover());
                backoff.reset();
                wait = varied(policy.get().pollInterval());
            } catch (IOException | RuntimeException e) {
                listener.onError(e);
                wait = backoff.next();
            }
            schedule(wait, this::ask);
        }

        private Duration varied(Duration interval) {
            double share =
                    policy.get().pollJitter() * (2 * ThreadLocalRandom.current().nextDouble() - 1);
            return interval.plusNanos((long) (interval.toNanos() * share));
        }
    }
}
