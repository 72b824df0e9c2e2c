package io.lb4j.http3;

import io.lb4j.config.Settings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Octets of responses that wait for one client: past a bound, of this connection or of all together, its streams are not writable. Confined to the
 * event loop of its connection, but for the sum over all, which is shared.
 */
final class Backlog {
    private final AtomicLong all;
    private final long most;
    private final long mostOfAll;
    private final Figures figures;
    private long octets;
    private boolean full;

    Backlog(Settings settings, AtomicLong all, Figures figures) {
        this.all = all;
        this.figures = figures;
        most = settings.value(Http3Options.MAX_BUFFERED);
        mostOfAll = settings.value(Http3Options.MAX_BUFFERED_TOTAL);
    }

    /**
     * Takes note of octets that wait, or wait no more.
     *
     * @return whether there is room again where there was none
     */
    boolean add(int change) {
        octets += change;
        long sum = all.addAndGet(change);
        if (octets >= most || (sum >= mostOfAll && octets > 0)) {
            if (!full) {
                full = true;
                figures.count(Figure.RESPONSES_HELD_BACK);
            }
            return false;
        }
        boolean hasRoomAgain = full && octets <= most / 2;
        full &= !hasRoomAgain;
        return hasRoomAgain;
    }

    boolean hasRoom() {
        return !full;
    }
}
