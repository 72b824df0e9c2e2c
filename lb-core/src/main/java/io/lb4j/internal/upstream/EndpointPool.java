package io.lb4j.internal.upstream;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.snapshot.PoolSettings;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one endpoint. The one used last is used first, so that those that are not needed grow old and
 * are closed. Multiplexed connections are filled before another is opened. Confined to its event loop.
 */
final class EndpointPool {
    private final LoopContext loop;
    private final Endpoint endpoint;
    private final Consumer<EndpointPool> onEmpty;
    private final List<PooledConnection> connections = new ArrayList<>();
    private final ArrayList<PooledConnection> available = new ArrayList<>(); // a stack
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final LoopTimer.Timeout sweep = new LoopTimer.Timeout() {
        @Override
        protected void expire() {
            sweepIdle();
        }
    };
    private final LoopTimer.Timeout cut = new LoopTimer.Timeout() {
        @Override
        protected void expire() {
            closeAll();
        }
    };
    private UpstreamCluster cluster; // as it was configured last
    private int connecting;
    private int expectedCapacity; // of a connection that is being made, by what the last one has turned out to take
    private boolean retired;

    /** A request that waits for a connection. */
    private final class Pending extends LoopTimer.Timeout {
        private final StreamRequest request;
        private boolean over;

        Pending(StreamRequest request) {
            this.request = request;
        }

        @Override
        protected void expire() {
            if (isBeingConnectedFor(this)) {
                // It does not wait for its turn but for an endpoint: the times for connecting bound that.
                loop.timer().set(this, cluster.settings().times().pendingNanos());
                return;
            }
            if (end()) {
                pending.remove(this);
                request.onUnavailable(unprocessed(Kind.PENDING_TIMEOUT, "no connection came free in time", null));
            }
        }

        /** Returns whether the request still waited; from now on it does not. */
        boolean end() {
            if (over) {
                return false;
            }
            over = true;
            loop.timer().cancel(this);
            cluster.share().pendingEnded();
            return true;
        }
    }

    EndpointPool(LoopContext loop, Endpoint endpoint, UpstreamCluster cluster, Consumer<EndpointPool> onEmpty) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.cluster = cluster;
        this.onEmpty = onEmpty;
        expectedCapacity = cluster.connector().expectedCapacity();
    }

    /**
     * Takes over how the cluster is configured, unless that is older than what holds.
     *
     * @return whether its connections are made in the same way; if not, the pool is for the old way alone
     */
    boolean follow(UpstreamCluster configured) {
        if (configured == cluster || configured.generation() <= cluster.generation()) {
            return true;
        }
        if (!configured.connector().connectsLike(cluster.connector())) {
            return false;
        }
        cluster = configured;
        return true;
    }

    /** Opens a stream now, or as soon as there is a connection for it. */
    void acquire(StreamRequest request) {
        PooledConnection ready = takeAvailable();
        if (ready != null) {
            open(ready, request);
            return;
        }
        PoolSettings.Limits limits = cluster.settings().limits();
        if (!cluster.share().tryPending(limits.pending())) {
            request.onUnavailable(
                    unprocessed(Kind.OVERLOADED, "pending requests: " + limits.pending() + " (the limit)", null));
            return;
        }
        Pending waiting = new Pending(request);
        pending.add(waiting);
        loop.timer().set(waiting, cluster.settings().times().pendingNanos());
        connectIfNeeded();
    }

    /** Forgets a request that waits; does nothing if it does not. */
    void cancel(StreamRequest request) {
        for (Pending waiting : pending) {
            if (waiting.request == request && waiting.end()) {
                pending.remove(waiting);
                return;
            }
        }
    }

    /**
     * Keeps nothing any longer: idle connections are closed, busy ones when they have become idle, or when the time to drain is over. What
     * is asked of it until then is served.
     */
    void retire() {
        if (retired) {
            return;
        }
        retired = true;
        loop.timer().set(cut, cluster.settings().times().drainNanos());
        for (PooledConnection entry : List.copyOf(connections)) {
            if (entry.isEstablished()) {
                entry.connection().drain();
            }
        }
        reportIfEmpty();
    }

    /** Closes every connection at once; nobody waits for another. */
    void closeAll() {
        retired = true;
        List<Pending> inVain = endPending(pending.size());
        for (PooledConnection entry : List.copyOf(connections)) {
            if (entry.isEstablished()) {
                entry.connection().close();
            }
        }
        tell(inVain, unprocessed(Kind.DRAINED, endpoint.address() + ": has left, and its time is over", null));
        reportIfEmpty();
    }

    /** Returns whether one of the connections that are being made will be this request's. */
    private boolean isBeingConnectedFor(Pending waiting) {
        long covered = (long) connecting * expectedCapacity;
        for (Pending next : pending) {
            if (covered-- <= 0) {
                return false;
            }
            if (next == waiting) {
                return true;
            }
        }
        return false;
    }

    private boolean isEmpty() {
        return connections.isEmpty() && connecting == 0 && pending.isEmpty();
    }

    void connected(PooledConnection entry) {
        connecting--;
        entry.retireNanos = retireTime();
        entry.idleSinceNanos = System.nanoTime();
        expectedCapacity = Math.max(1, entry.connection().capacity());
        capacityGrown(entry);
        connectIfNeeded(); // it may take fewer than was hoped for
    }

    void connectFailed(PooledConnection entry, ProxyException reason) {
        connecting--;
        connections.remove(entry);
        cluster.share().connectionEnded();
        failThoseItWasFor(reason);
        connectIfNeeded();
        reportIfEmpty();
    }

    /**
     * Tells those that a connection was to be made for that there is none: whether it is tried again, and where, is for them to say. Were
     * it tried again from here, an endpoint that refuses would be tried without end.
     */
    private void failThoseItWasFor(ProxyException reason) {
        long uncovered = pending.size() - (long) connecting * expectedCapacity;
        // The others wait for connections that are there or on their way; where there are none, in vain.
        long inVain = connections.isEmpty() ? pending.size() : Math.min(uncovered, expectedCapacity);
        tell(endPending(inVain), reason);
    }

    private List<Pending> endPending(long count) {
        List<Pending> ended = new ArrayList<>();
        while (ended.size() < count) {
            Pending waiting = pending.remove();
            waiting.end();
            ended.add(waiting);
        }
        return ended;
    }

    /** Tells those who wait no longer. They may be back in the queue at once, to wait for another connection. */
    private static void tell(List<Pending> ended, ProxyException reason) {
        ended.forEach(waiting -> waiting.request.onUnavailable(reason));
    }

    void capacityGrown(PooledConnection entry) {
        if (hasLivedLongEnough(entry)) {
            entry.connection().drain();
            return;
        }
        if (!entry.isAvailable && entry.connection().capacity() > 0) {
            entry.isAvailable = true;
            available.add(entry);
        }
        servePending();
        if (entry.isAvailable && entry.connection().activeStreams() == 0) {
            rest(entry);
        }
    }

    /** Takes a connection out of use that goes on serving the streams it has. */
    void withdraw(PooledConnection entry) {
        leaveAvailable(entry);
        leaveIdle(entry);
    }

    void closed(PooledConnection entry) {
        withdraw(entry);
        connections.remove(entry);
        cluster.share().connectionEnded();
        connectIfNeeded();
        reportIfEmpty();
    }

    private @Nullable PooledConnection takeAvailable() {
        while (!available.isEmpty()) {
            PooledConnection entry = available.get(available.size() - 1);
            if (entry.connection().capacity() > 0) {
                return entry;
            }
            available.remove(available.size() - 1);
            entry.isAvailable = false;
        }
        return null;
    }

    private void open(PooledConnection entry, StreamRequest request) {
        leaveIdle(entry);
        ClientConnection connection = entry.connection();
        boolean reused = entry.requests++ > 0;
        if (connection.capacity() == 1) {
            leaveAvailable(entry);
        }
        request.onStream(connection.open(request), connection.version(), reused);
        if (entry.requests >= cluster.settings().limits().requestsPerConnection()) {
            connection.drain();
        }
    }

    private void servePending() {
        while (!pending.isEmpty()) {
            PooledConnection ready = takeAvailable();
            if (ready == null) {
                return;
            }
            Pending waiting = pending.poll();
            if (waiting != null && waiting.end()) {
                open(ready, waiting.request);
            }
        }
    }

    private void connectIfNeeded() {
        while (pending.size() > (long) connecting * expectedCapacity
                && cluster.share().tryConnection(cluster.settings().limits().connections())) {
            PooledConnection entry = new PooledConnection(this);
            connecting++;
            connections.add(entry);
            cluster.connector().connect(endpoint, loop, entry, entry);
        }
    }

    private void rest(PooledConnection entry) {
        if (entry.isIdle) {
            return;
        }
        PoolSettings.Limits limits = cluster.settings().limits();
        boolean tooMany = cluster.share().connections() > limits.connections(); // the limit has been lowered since
        if (retired || tooMany || !cluster.share().tryIdle(limits.idle())) {
            entry.connection().drain();
            return;
        }
        entry.isIdle = true;
        entry.idleSinceNanos = System.nanoTime();
        if (!sweep.isSet()) {
            loop.timer().set(sweep, cluster.settings().times().idleNanos());
        }
    }

    private void sweepIdle() {
        long now = System.nanoTime();
        long idleNanos = cluster.settings().times().idleNanos();
        long oldest = now;
        for (PooledConnection entry : List.copyOf(connections)) {
            if (!entry.isIdle) {
                continue;
            }
            if (now - entry.idleSinceNanos >= idleNanos || hasLivedLongEnough(entry)) {
                entry.connection().drain();
            } else {
                oldest = Math.min(oldest, entry.idleSinceNanos);
            }
        }
        if (!connections.isEmpty()) {
            loop.timer().set(sweep, idleNanos - (now - oldest));
        }
    }

    private boolean hasLivedLongEnough(PooledConnection entry) {
        return entry.retireNanos - System.nanoTime() < 0;
    }

    /** Returns when a new connection has lived long enough; up to a tenth sooner, lest those made together end together. */
    private long retireTime() {
        long lifetime = cluster.settings().times().lifetimeNanos();
        if (lifetime == Long.MAX_VALUE) {
            return System.nanoTime() + (Long.MAX_VALUE >> 1);
        }
        return System.nanoTime() + lifetime - ThreadLocalRandom.current().nextLong(lifetime / 10 + 1);
    }

    private void leaveAvailable(PooledConnection entry) {
        if (entry.isAvailable) {
            entry.isAvailable = false;
            int last = available.size() - 1;
            if (available.get(last) == entry) {
                available.remove(last);
            } else {
                available.remove(entry);
            }
        }
    }

    private void leaveIdle(PooledConnection entry) {
        if (entry.isIdle) {
            entry.isIdle = false;
            cluster.share().idleEnded();
        }
    }

    private void reportIfEmpty() {
        if (retired && isEmpty()) {
            loop.timer().cancel(sweep);
            loop.timer().cancel(cut);
            onEmpty.accept(this);
        }
    }

    private static ProxyException unprocessed(Kind kind, String message, @Nullable Throwable cause) {
        return new ProxyException(kind, Delivery.UNPROCESSED, message, cause);
    }
}
