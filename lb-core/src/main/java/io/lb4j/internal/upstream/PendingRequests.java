package io.lb4j.internal.upstream;

import io.lb4j.internal.loop.LoopTimer;
import io.lb4j.internal.snapshot.ClusterShare;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The requests that wait for a connection of a pool, in their order; counted in the cluster's share. Confined to the pool's event loop. */
final class PendingRequests {
    private final LoopTimer timer;
    private final ClusterShare share;
    private final Consumer<Waiting> onLate;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();

    /** A request that waits. */
    final class Waiting extends LoopTimer.Timeout {
        private final StreamRequest request;

        private Waiting(StreamRequest request) {
            this.request = request;
        }

        StreamRequest request() {
            return request;
        }

        @Override
        protected void expire() {
            onLate.accept(this);
        }
    }

    /**
     * Creates an empty queue.
     *
     * @param onLate hears of a request whose time to wait is over, and that still waits
     */
    PendingRequests(LoopTimer timer, ClusterShare share, Consumer<Waiting> onLate) {
        this.timer = timer;
        this.share = share;
        this.onLate = onLate;
    }

    int size() {
        return queue.size();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Adds a request that the share counts already. */
    void add(StreamRequest request, long nanos) {
        Waiting waiting = new Waiting(request);
        queue.add(waiting);
        timer.set(waiting, nanos);
    }

    /** Lets a request wait for longer. */
    void prolong(Waiting waiting, long nanos) {
        timer.set(waiting, nanos);
    }

    /** Returns whether a request is among so many that are served first. */
    boolean isAmongFirst(long count, Waiting waiting) {
        long left = count;
        for (Waiting next : queue) {
            if (left-- <= 0) {
                return false;
            }
            if (next == waiting) {
                return true;
            }
        }
        return false;
    }

    /** Removes a request; returns whether it waited. */
    boolean remove(StreamRequest request) {
        for (Waiting waiting : queue) {
            if (waiting.request == request) {
                remove(waiting);
                return true;
            }
        }
        return false;
    }

    /** Removes a request that waits. */
    void remove(Waiting waiting) {
        queue.remove(waiting);
        end(waiting);
    }

    /** Removes the request that has waited for longest, and returns it. */
    StreamRequest removeFirst() {
        Waiting first = queue.remove();
        end(first);
        return first.request;
    }

    /** Removes so many that have waited for longest, and returns them. */
    List<StreamRequest> removeFirst(long count) {
        List<StreamRequest> removed = new ArrayList<>();
        while (removed.size() < count) {
            removed.add(removeFirst());
        }
        return removed;
    }

    private void end(Waiting waiting) {
        timer.cancel(waiting);
        share.pendingEnded();
    }
}
