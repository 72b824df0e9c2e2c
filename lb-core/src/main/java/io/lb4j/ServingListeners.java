package io.lb4j;

import io.lb4j.internal.accept.AcceptStatistics;
import io.lb4j.model.Configuration;
import io.lb4j.model.Listener;
import io.lb4j.stats.TransportStatistics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners that are bound. Changed on the control thread; statistics and addresses are for all threads. */
final class ServingListeners {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServingListeners.class);

    private final ServingListener.Base base;
    private final Map<String, ServingListener> serving = new ConcurrentHashMap<>();
    private final List<ServingListener> draining = new ArrayList<>(); // guarded by itself

    ServingListeners(ServingListener.Base base) {
        this.base = base;
    }

    /** What a configuration needs that may fail. */
    private static final class Preparation {
        final Map<Listener, ServingListener> bound = new HashMap<>();
        final Map<Listener, ServingListener.Prepared> changed = new HashMap<>();

        void discard() {
            bound.values().forEach(ServingListener::close);
            changed.values().forEach(ServingListener.Prepared::discard);
        }
    }

    /**
     * Binds listeners that are new, hands others what has changed, and drains those that are gone.
     *
     * @param rollBack is run if something cannot be made; nothing has changed here then
     */
    void sequentialApply(Configuration configuration, Runnable rollBack) {
        Preparation preparation = new Preparation();
        try {
            for (Listener listener : configuration.listeners()) {
                prepare(listener, preparation);
            }
        } catch (CompletionException e) {
            preparation.discard();
            rollBack.run();
            throw Failures.unwrapped(e);
        } catch (RuntimeException e) {
            preparation.discard();
            rollBack.run();
            throw e;
        }
        Duration drainTimeout = configuration.process().drainTimeout();
        Map<String, ServingListener> former = new HashMap<>(serving);
        for (Listener listener : configuration.listeners()) {
            ServingListener fresh = preparation.bound.get(listener);
            if (fresh != null) {
                serving.put(listener.name(), fresh);
            } else {
                ServingListener kept = former.remove(listener.name());
                ServingListener.Prepared prepared = preparation.changed.get(listener);
                if (kept != null && prepared != null) {
                    kept.apply(listener, prepared, drainTimeout);
                }
            }
        }
        former.forEach((name, gone) -> drainLater(name, gone, drainTimeout));
    }

    private void prepare(Listener listener, Preparation preparation) {
        ServingListener known = serving.get(listener.name());
        if (known == null || !known.isBoundAlike(listener)) {
            preparation.bound.put(listener, ServingListener.bind(listener, base));
            return;
        }
        preparation.changed.put(listener, known.prepare(listener));
    }

    private void drainLater(String name, ServingListener gone, Duration drainTimeout) {
        serving.remove(name, gone);
        synchronized (draining) {
            draining.add(gone);
        }
        CompletableFuture<?> drained = gone.drain().toCompletableFuture();
        drained.orTimeout(drainTimeout.toMillis(), TimeUnit.MILLISECONDS).whenComplete((ignored, failure) -> {
            gone.close();
            synchronized (draining) {
                draining.remove(gone);
            }
        });
    }

    InetSocketAddress address(String name) {
        ServingListener listener = serving.get(name);
        if (listener == null) {
            throw new IllegalArgumentException("listener: " + name + " (expected: one of " + serving.keySet() + ")");
        }
        return listener.address();
    }

    /** Returns where listeners listen that speak TLS, or that do not. */
    List<InetSocketAddress> sequentialAddresses(boolean secured) {
        return serving.values().stream()
                .filter(listener -> listener.isSecured() == secured)
                .map(ServingListener::address)
                .toList();
    }

    Map<String, Map<String, TransportStatistics>> transportStatistics() {
        Map<String, Map<String, TransportStatistics>> statistics = new HashMap<>();
        serving.forEach((name, listener) -> statistics.put(name, listener.transportStatistics()));
        return statistics;
    }

    Map<String, AcceptStatistics> statistics() {
        Map<String, AcceptStatistics> statistics = new HashMap<>();
        serving.forEach((name, listener) -> statistics.put(name, listener.statistics()));
        return statistics;
    }

    /** Accepts no more and lets connections end, until all have or the time is up. */
    void drain(Duration timeout) {
        await(all().stream().map(ServingListener::drain).toList(), timeout, false);
    }

    /** Closes what is left. */
    void close(Duration timeout) {
        await(all().stream().map(ServingListener::close).toList(), timeout, true);
        serving.clear();
    }

    private List<ServingListener> all() {
        List<ServingListener> all = new ArrayList<>(serving.values());
        synchronized (draining) {
            all.addAll(draining);
        }
        return all;
    }

    private static void await(List<? extends CompletionStage<?>> stages, Duration timeout, boolean mustEnd) {
        try {
            ServingListener.all(stages)
                    .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        } catch (CompletionException e) {
            if (mustEnd) {
                LOGGER.warn("connections are left after {}", timeout, e);
            } else {
                LOGGER.info("connections are left after {}; they are cut", timeout);
            }
        }
    }
}
