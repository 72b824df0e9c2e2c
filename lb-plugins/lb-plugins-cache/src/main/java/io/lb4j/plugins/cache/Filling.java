package io.lb4j.plugins.cache;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** The body of a response on its way to the client, of which a copy is made. Confined to the exchange's event loop. */
final class Filling {
    private static final byte[] NOTHING = new byte[0];
    private static final int FIRST_OCTETS = 4096;

    /** How many octets may be taken up by all that are under way. Thread-safe. */
    static final class Budget {
        private final long most;
        private final AtomicLong taken = new AtomicLong();

        Budget(long most) {
            this.most = most;
        }

        private boolean take(long octets) {
            if (taken.addAndGet(octets) <= most) {
                return true;
            }
            taken.addAndGet(-octets);
            return false;
        }

        private void giveBack(long octets) {
            taken.addAndGet(-octets);
        }
    }

    private final Stored draft;
    private final Budget budget;
    private final int most;
    private byte[] octets = NOTHING;
    private int size;

    /**
     * Begins.
     *
     * @param most octets that the body may have
     */
    Filling(Stored draft, Budget budget, int most) {
        this.draft = draft;
        this.budget = budget;
        this.most = most;
    }

    /** Copies a piece; returns false if there is no room for it, and then the filling is over. */
    boolean add(ByteBuf piece) {
        int length = piece.readableBytes();
        if (length > most - size || !hasRoom(size + length)) {
            drop();
            return false;
        }
        piece.getBytes(piece.readerIndex(), octets, size, length);
        size += length;
        return true;
    }

    private boolean hasRoom(int needed) {
        if (needed <= octets.length) {
            return true;
        }
        int capacity = Math.min(most, Math.max(needed, Math.max(FIRST_OCTETS, 2 * octets.length)));
        if (!budget.take(capacity - octets.length)) {
            return false;
        }
        octets = Arrays.copyOf(octets, capacity);
        return true;
    }

    /** Returns the whole response; the filling is over. */
    Stored finish() {
        byte[] whole = Arrays.copyOf(octets, size);
        drop();
        return draft.withBody(whole);
    }

    /** Lets go of everything. */
    void drop() {
        budget.giveBack(octets.length);
        octets = NOTHING;
        size = 0;
    }
}
