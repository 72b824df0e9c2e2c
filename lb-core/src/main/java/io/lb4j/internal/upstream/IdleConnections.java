package io.lb4j.internal.upstream;

import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.snapshot.UpstreamCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Those connections of a pool that carry nothing. They are counted in the cluster's share, and closed when they have been idle, or have
 * lived, for long enough. Confined to the pool's event loop, but for {@link #count()}.
 */
final class IdleConnections {
    private final LoopContext loop;
    private final Supplier<UpstreamCluster> cluster;
    private final List<PooledConnection> entries =
            new ArrayList<>(); // the one that has been idle for longest stands first
    private final AtomicInteger count = new AtomicInteger(); // written on the event loop
    private final LoopTimer.Timeout sweep = new LoopTimer.Timeout() {
        @Override
        protected void expire() {
            closeOld();
        }
    };

    /**
     * Creates what holds no connection.
     *
     * @param cluster as it is configured at present
     */
    IdleConnections(LoopContext loop, Supplier<UpstreamCluster> cluster) {
        this.loop = loop;
        this.cluster = cluster;
    }

    /** Returns how many there are. Thread-safe; what is seen from elsewhere may be past. */
    int count() {
        return count.get();
    }

    /** Adds a connection unless there are as many as the cluster may have. */
    boolean tryAdd(PooledConnection entry) {
        UpstreamCluster configured = cluster.get();
        entries.add(entry);
        count.lazySet(entries.size()); // before the share counts it: whoever sees it there looks for it here
        if (!configured.share().tryIdle(configured.settings().limits().idle())) {
            entries.remove(entries.size() - 1);
            count.lazySet(entries.size());
            return false;
        }
        entry.isIdle = true;
        entry.idleSinceNanos = System.nanoTime();
        if (!sweep.isSet()) {
            loop.timer().set(sweep, configured.settings().times().idleNanos());
        }
        return true;
    }

    /** Removes a connection; does nothing if it is not idle. */
    void remove(PooledConnection entry) {
        if (!entry.isIdle) {
            return;
        }
        entry.isIdle = false;
        int last = entries.size() - 1;
        if (entries.get(last) == entry) {
            entries.remove(last);
        } else {
            entries.remove(entry);
        }
        count.lazySet(entries.size());
        cluster.get().share().idleEnded();
    }

    /** Returns the one that has been idle for longest, or null if none is. */
    @Nullable PooledConnection oldest() {
        return entries.isEmpty() ? null : entries.get(0);
    }

    /** Closes no more of them. */
    void stop() {
        loop.timer().cancel(sweep);
    }

    private void closeOld() {
        long now = System.nanoTime();
        long idleNanos = cluster.get().settings().times().idleNanos();
        for (PooledConnection entry : List.copyOf(entries)) {
            if (entry.isIdle && (now - entry.idleSinceNanos >= idleNanos || entry.hasLivedLongEnough())) {
                entry.connection().drain();
            }
        }
        PooledConnection oldest = oldest();
        if (oldest != null) {
            loop.timer().set(sweep, idleNanos - (now - oldest.idleSinceNanos));
        }
    }
}
