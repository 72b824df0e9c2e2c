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
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
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

    /** Another configuration's listeners, ready to serve. */
    final class Change {
        private final Configuration next;
        private final Map<String, ServingListener> fresh = new HashMap<>();
        private final List<ServingListener.Change> changed = new ArrayList<>();
        private final Map<String, ServingListener> gone = new HashMap<>(serving);

        private Change(Configuration next) {
            this.next = next;
            List<Listener> unbound = new ArrayList<>();
            try {
                for (Listener listener : next.listeners()) {
                    ServingListener known = serving.get(listener.name());
                    if (known != null && known.isAt(listener)) {
                        gone.remove(listener.name());
                        changed.add(known.prepare(listener));
                    } else {
                        unbound.add(listener);
                    }
                }
                unbound.forEach(this::prepare);
            } catch (CompletionException e) {
                discard();
                throw Failures.unwrapped(e);
            } catch (RuntimeException e) {
                discard();
                throw e;
            }
        }

        private void prepare(Listener listener) {
            ServingListener former = gone.values().stream()
                    .filter(leaving -> leaving.isAt(listener))
                    .findFirst()
                    .orElse(null);
            ServingListener before = former == null ? drainingAt(listener) : former;
            fresh.put(listener.name(), ServingListener.prepare(listener, base, former, before));
        }

        /** Returns the latest that was where a listener will be, if it has connections yet. */
        private @Nullable ServingListener drainingAt(Listener listener) {
            synchronized (draining) {
                return draining.stream()
                        .filter(left -> left.isAt(listener))
                        .reduce((earlier, later) -> later)
                        .orElse(null);
            }
        }

        /** Begins to serve by it, and lets go of what it has no longer. What connections ask for is found by then. */
        void sequentialCommit() {
            Duration drainTimeout = next.process().drainTimeout();
            fresh.forEach((name, listener) -> {
                listener.sequentialBegin();
                serving.put(name, listener);
            });
            changed.forEach(change -> change.sequentialCommit(drainTimeout));
            gone.forEach((name, listener) -> drainLater(name, listener, drainTimeout));
        }

        void discard() {
            fresh.values().forEach(ServingListener::discard);
            changed.forEach(ServingListener.Change::discard);
        }
    }

    /**
     * Binds listeners that are new, and makes what others need to change. Nobody notices yet, but for clients of addresses that are new: they
     * can connect, and wait.
     *
     * @throws RuntimeException if something cannot be made; nothing is left then
     */
    Change sequentialPrepare(Configuration configuration) {
        return new Change(configuration);
    }

    /** Returns the listeners that have connections, or may get some. */
    List<Listener> sequentialPresent() {
        List<Listener> present = new ArrayList<>();
        synchronized (draining) {
            draining.forEach(listener -> present.add(listener.listener()));
        }
        serving.values().forEach(listener -> present.add(listener.listener()));
        return present;
    }

    private void drainLater(String name, ServingListener gone, Duration drainTimeout) {
        serving.remove(name, gone);
        synchronized (draining) {
            draining.add(gone);
        }
        PatientStage.whenOver(
                gone.drain(),
                drainTimeout,
                base.timers(),
                () -> gone.close().whenComplete((ignored, failure) -> {
                    synchronized (draining) {
                        draining.remove(gone);
                    }
                }));
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
            PatientStage.await(ServingListener.all(stages), timeout);
        } catch (ExecutionException | TimeoutException e) {
            if (mustEnd) {
                LOGGER.warn("connections are left after {}", timeout, e);
            } else {
                LOGGER.info("connections are left after {}; they are cut", timeout);
            }
        }
    }
}
