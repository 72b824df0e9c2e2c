package io.lb4j.internal.loop;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides when what was written goes to the sockets: one system call for all that an event brought about. A connection that
 * carries one exchange at a time is flushed when the event (one channel's reading) is over; a connection that carries many, when the
 * loop's turn (all channels that were ready) is over, so that the frames of many exchanges share a TLS record and a packet.
 *
 * <p>Confined to its event loop.
 */
public final class TurnFlusher {
    private final EventLoop eventLoop;
    private final Runnable turnEnd = this::endTurn;
    private List<Flushable> afterEvent = new ArrayList<>();
    private List<Flushable> spareEvent = new ArrayList<>();
    private List<Flushable> afterTurn = new ArrayList<>();
    private List<Flushable> spareTurn = new ArrayList<>();
    private boolean turnEndScheduled;

    /** What can be flushed. It registers at most once until it has been flushed. */
    @FunctionalInterface
    public interface Flushable {
        /** Sends what has been written. Must not throw. */
        void flushNow();
    }

    TurnFlusher(EventLoop eventLoop) {
        this.eventLoop = eventLoop;
    }

    /** Flushes when the present event is over, or the present turn where no event is under way. */
    public void flushAfterEvent(Flushable target) {
        afterEvent.add(target);
        scheduleTurnEnd();
    }

    /** Flushes when the present turn is over. */
    public void flushAfterTurn(Flushable target) {
        afterTurn.add(target);
        scheduleTurnEnd();
    }

    /** Ends an event: called by whoever reads from a channel, when it has read all there was. */
    public void endEvent() {
        while (!afterEvent.isEmpty()) {
            List<Flushable> due = afterEvent;
            afterEvent = spareEvent;
            flushAll(due);
            spareEvent = due;
        }
    }

    private void endTurn() {
        turnEndScheduled = false;
        endEvent();
        if (afterTurn.isEmpty()) {
            return;
        }
        List<Flushable> due = afterTurn;
        afterTurn = spareTurn;
        flushAll(due);
        spareTurn = due;
    }

    private void scheduleTurnEnd() {
        if (!turnEndScheduled) {
            turnEndScheduled = true;
            eventLoop.execute(turnEnd);
        }
    }

    private static void flushAll(List<Flushable> due) {
        for (int i = 0; i < due.size(); i++) {
            due.get(i).flushNow();
        }
        due.clear();
    }
}
