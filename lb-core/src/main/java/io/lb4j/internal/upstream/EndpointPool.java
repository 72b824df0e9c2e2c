package io.lb4j.internal.upstream;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.snapshot.ClusterShare;
import io.lb4j.internal.snapshot.ConnectionClaim;
import io.lb4j.internal.snapshot.ConnectionHolder;
import io.lb4j.internal.snapshot.PoolSettings;
import io.lb4j.internal.snapshot.UpstreamCluster;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.ClientConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one event loop to one endpoint. The one used last is used first, so that those that are not needed grow old and
 * are closed. Multiplexed connections are filled before another is opened. Where the cluster has as many connections as it may, the pool
 * queues for a place with the others of the cluster. Confined to its event loop, but for what other pools ask of it.
 */
final class EndpointPool implements ConnectionHolder {
    private static final Logger LOGGER = LoggerFactory.getLogger(EndpointPool.class);

    private final LoopContext loop;
    private final Endpoint endpoint;
    private final ClusterShare share;
    private final Consumer<EndpointPool> onEmpty;
    private final List<PooledConnection> connections = new ArrayList<>();
    private final ArrayList<PooledConnection> available = new ArrayList<>(); // a stack
    private final IdleConnections idle;
    private final PendingRequests pending;
    private final LoopTimer.Timeout cut = new LoopTimer.Timeout() {
        @Override
        protected void expire() {
            closeAll();
        }
    };
    private UpstreamCluster cluster; // as it was configured last
    private @Nullable ConnectionClaim claim; // for a place, while there is none
    private int connecting;
    private int expectedCapacity; // of a connection that is being made, by what the last one has turned out to take
    private boolean retired;

    EndpointPool(LoopContext loop, Endpoint endpoint, UpstreamCluster cluster, Consumer<EndpointPool> onEmpty) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.cluster = cluster;
        this.onEmpty = onEmpty;
        share = cluster.share();
        pending = new PendingRequests(loop.timer(), share, this::waitedLong);
        idle = new IdleConnections(loop, () -> this.cluster);
        expectedCapacity = cluster.connector().expectedCapacity();
        share.join(this);
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

    private PoolSettings.Limits limits() {
        return cluster.settings().limits();
    }

    // ---- Requests

    /** Opens a stream now, or as soon as there is a connection for it. */
    void acquire(StreamRequest request) {
        PooledConnection ready = takeAvailable();
        if (ready != null) {
            open(ready, request);
            return;
        }
        if (!share.tryPending(limits().pending())) {
            request.onUnavailable(
                    unprocessed(Kind.OVERLOADED, "pending requests: " + limits().pending() + " (the limit)"));
            return;
        }
        pending.add(request, pendingNanos());
        connectIfNeeded();
    }

    private long pendingNanos() {
        return cluster.settings().times().pendingNanos();
    }

    /** Forgets a request that waits; does nothing if it does not. */
    void cancel(StreamRequest request) {
        if (pending.remove(request)) {
            withdrawClaimIfServed();
        }
    }

    private void waitedLong(PendingRequests.Waiting waiting) {
        if (pending.isAmongFirst((long) connecting * expectedCapacity, waiting)) {
            // It does not wait for its turn but for an endpoint: the times for connecting bound that.
            pending.prolong(waiting, pendingNanos());
            return;
        }
        pending.remove(waiting);
        withdrawClaimIfServed();
        waiting.request().onUnavailable(unprocessed(Kind.PENDING_TIMEOUT, "no connection came free in time"));
    }

    /** Tells those who wait no longer. They may be back in the queue at once, to wait for another connection. */
    private void fail(long count, ProxyException reason) {
        List<StreamRequest> told = pending.removeFirst(count);
        withdrawClaimIfServed();
        told.forEach(request -> request.onUnavailable(reason));
    }

    private void servePending() {
        while (!pending.isEmpty()) {
            PooledConnection ready = takeAvailable();
            if (ready == null) {
                return;
            }
            open(ready, pending.removeFirst());
        }
        withdrawClaimIfServed();
    }

    private @Nullable PooledConnection takeAvailable() {
        while (!available.isEmpty()) {
            PooledConnection entry = available.get(available.size() - 1);
            if (entry.hasLivedLongEnough()) {
                leaveAvailable(entry);
                entry.connection().drain();
            } else if (entry.connection().capacity() > 0) {
                return entry;
            } else {
                leaveAvailable(entry);
            }
        }
        return null;
    }

    private void open(PooledConnection entry, StreamRequest request) {
        idle.remove(entry);
        ClientConnection connection = entry.connection();
        boolean reused = entry.requests++ > 0;
        if (connection.capacity() == 1) {
            leaveAvailable(entry);
        }
        request.onStream(connection.open(request), connection.version(), reused);
        if (entry.requests >= limits().requestsPerConnection()) {
            connection.drain();
        }
    }

    // ---- Connections

    private boolean needsConnection() {
        return pending.size() > (long) connecting * expectedCapacity;
    }

    private void connectIfNeeded() {
        while (needsConnection()) {
            if (!share.tryConnection(limits().connections())) {
                claimPlace();
                return;
            }
            connect();
        }
        withdrawClaimIfServed();
    }

    private void connect() {
        PooledConnection entry = new PooledConnection(this);
        connecting++;
        connections.add(entry);
        cluster.connector().connect(endpoint, loop, entry, entry);
    }

    void connected(PooledConnection entry) {
        connecting--;
        entry.established(cluster.settings().times().lifetimeNanos());
        expectedCapacity = Math.max(1, entry.connection().capacity());
        capacityGrown(entry);
        connectIfNeeded(); // it may take fewer than was hoped for
    }

    void connectFailed(PooledConnection entry, ProxyException reason) {
        connecting--;
        connections.remove(entry);
        share.connectionEnded();
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
        fail(inVain, reason);
    }

    void capacityGrown(PooledConnection entry) {
        if (entry.hasLivedLongEnough() || isForOthers(entry)) {
            entry.connection().drain();
            return;
        }
        if (!entry.isAvailable && entry.connection().capacity() > 0) {
            entry.isAvailable = true;
            available.add(entry);
        }
        servePending();
        if (entry.isAvailable && !entry.isIdle && entry.connection().activeStreams() == 0) {
            rest(entry);
        }
    }

    private void rest(PooledConnection entry) {
        boolean tooMany = share.connections() > limits().connections(); // the limit has been lowered since
        // To look for claims comes last: whoever claims from there on sees that the connection is idle.
        if (retired || tooMany || !idle.tryAdd(entry) || entry.tryYield(share)) {
            entry.connection().drain();
        }
    }

    /** Takes a connection out of use that goes on serving the streams it has. */
    void withdraw(PooledConnection entry) {
        leaveAvailable(entry);
        idle.remove(entry);
    }

    void closed(PooledConnection entry) {
        withdraw(entry);
        connections.remove(entry);
        entry.endYield(share);
        share.connectionEnded();
        connectIfNeeded();
        reportIfEmpty();
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

    // ---- Hand-over

    private void claimPlace() {
        ConnectionClaim waiting = claim;
        if (waiting == null) {
            waiting = new ConnectionClaim(this, cluster.settings());
            claim = waiting;
            share.claim(waiting);
        } else {
            share.renew(waiting, limits().connections());
        }
    }

    private void withdrawClaimIfServed() {
        ConnectionClaim waiting = claim;
        if (waiting != null && !needsConnection()) {
            claim = null;
            share.withdraw(waiting);
        }
    }

    @Override
    public void serve(ConnectionClaim served) {
        try {
            loop.eventLoop().execute(() -> servedOnLoop(served));
        } catch (RejectedExecutionException e) {
            LOGGER.debug("{}: the event loop has ended, the place goes to the next", endpoint.address(), e);
            share.connectionEnded();
        }
    }

    private void servedOnLoop(ConnectionClaim served) {
        if (claim == served) {
            claim = null;
        }
        if (needsConnection()) {
            connect();
        } else {
            share.connectionEnded();
        }
        connectIfNeeded();
    }

    /** Returns whether a connection that has served its own event loop for a turn is to be given up for others. */
    private boolean isForOthers(PooledConnection entry) {
        return share.isTurnOver(this, entry.madeNanos) && entry.tryYield(share);
    }

    @Override
    public int idleConnections() {
        return idle.count();
    }

    @Override
    public void askForIdle(ClusterShare.Search search) {
        try {
            loop.eventLoop().execute(() -> giveUpIdle(search));
        } catch (RejectedExecutionException e) {
            LOGGER.debug("{}: the event loop has ended, and its connections with it", endpoint.address(), e);
            share.seek(search);
        }
    }

    private void giveUpIdle(ClusterShare.Search search) {
        PooledConnection oldest = idle.oldest();
        if (oldest == null) {
            share.seek(search);
        } else if (oldest.tryYield(share)) {
            oldest.connection().drain();
        }
    }

    // ---- The end

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
        fail(pending.size(), unprocessed(Kind.DRAINED, endpoint.address() + ": has left, and its time is over"));
        for (PooledConnection entry : List.copyOf(connections)) {
            if (entry.isEstablished()) {
                entry.connection().close();
            }
        }
        reportIfEmpty();
    }

    private void reportIfEmpty() {
        if (retired && connections.isEmpty() && pending.isEmpty()) {
            idle.stop();
            loop.timer().cancel(cut);
            share.leave(this);
            onEmpty.accept(this);
        }
    }

    private static ProxyException unprocessed(Kind kind, String message) {
        return new ProxyException(kind, Delivery.UNPROCESSED, message, null);
    }
}
