package io.lb4j.http3;

import io.lb4j.config.Settings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Octets that are kept for one client: of its requests, read or not, of the responses that wait for it, of its tables. Past a bound, of this connection or of all
 * together, a connection has to go. Confined to the event loop of its connection, but for the sum over all, which is shared.
 */
final class Memory {
    private final AtomicLong all;
    private final long most;
    private final long mostOfAll;
    private final Bounds bounds;
    private long octets;
    private boolean closed;

    /** Hears of octets that are too many. */
    interface Bounds {
        /** This connection keeps more than it may. */
        void onOver(long octets);

        /** All connections together keep more than they may. */
        void onAllOver();
    }

    Memory(Settings settings, AtomicLong all, Bounds bounds) {
        this.all = all;
        this.bounds = bounds;
        most = settings.value(Http3Options.MAX_MEMORY);
        mostOfAll = settings.value(Http3Options.MAX_MEMORY_TOTAL);
    }

    /** Takes note of octets that are kept, or kept no more. */
    void add(long change) {
        if (change == 0 || closed) {
            return;
        }
        octets += change;
        long sum = all.addAndGet(change);
        if (change < 0) {
            return;
        }
        if (octets > most) {
            bounds.onOver(octets);
        } else if (sum > mostOfAll) {
            bounds.onAllOver();
        }
    }

    long octets() {
        return octets;
    }

    /** The connection has ended, and keeps nothing. */
    void close() {
        add(-octets);
        closed = true;
    }
}
