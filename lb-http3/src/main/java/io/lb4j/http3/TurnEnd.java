package io.lb4j.http3;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicStreamPriority;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection that have written something in the present turn, which is sent when the turn is over. Confined to the event loop.
 *
 * <p>quiche takes more than it can send: what its congestion window has room for is said anew with each packet that comes, and what was taken in the meantime does not count. The rest would pile
 * up in its memory, for as long as a client's own window lets it. So once much was handed over that may lie there, a piece is tried first: if it leaves at once, so has all that came before it. If
 * it does not, the rest waits here, for a packet that brings room. What waits here is not seen by quiche, so it goes in the order that quiche would keep, and what is less urgent only when nothing else lies there.
 */
final class TurnEnd {
    /** With so much in quiche that may not have left, more is handed over only when all of that has. */
    private static final int MOST_AHEAD_OCTETS = 32_768;

    /** What a stream hands over at once, and in its turn where several share. */
    private static final int SHARE_OCTETS = 16_384;

    /** So much of each stream goes without waiting: a short message, or the beginning of one that is more urgent than what lies there. */
    private static final int FREE_OCTETS = 8_192;

    /** What fits in one packet. */
    private static final int PIECE_OCTETS = 1_100;

    /** After so long without a sign of room a piece is tried again. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** With so many it is looked through which of them are over. */
    private static final int MANY = 16;

    private static final int LEAST_URGENT = Integer.MAX_VALUE;

    /** As quiche would send (RFC 9218 §10): of those that are as urgent, those come first, one behind the other, that are of use only when they are whole; the others share. */
    private static final Comparator<StreamOutput> MORE_URGENT_FIRST = Comparator.comparingInt(TurnEnd::urgency)
            .thenComparing(TurnEnd::isSharing)
            .thenComparingLong(output -> isSharing(output) ? 0 : output.streamId());

    private final Executor afterTurn;
    private final Executor later;
    private final LongSupplier nanoClock;
    private final PacketBatch socket;
    private final Runnable look = this::look;
    private final Set<StreamOutput> waiting = new LinkedHashSet<>();
    private final Set<StreamOutput> open =
            new LinkedHashSet<>(); // have begun and not handed over their end; some may be over
    private int mostOpen = MANY;
    private boolean due;
    private boolean watching; // the end of the socket's turns
    private boolean isWatchWanted;
    private boolean timed;
    private long ahead; // octets at the most that were handed over since quiche had sent everything
    private int mostUrgentAhead = LEAST_URGENT; // of the streams that they are of
    private long taken; // pieces that quiche took at once
    private @Nullable Trial trial; // the last, which has not left at once
    private boolean hasLeft = true; // the last piece that was tried, and that at once
    private long movedNanos; // when something left, or room came

    /**
     * Creates it, with nothing waiting.
     *
     * @param afterTurn runs an action when the present turn is over
     * @param later runs an action in a while: a packet that brings room may not show, where a stream's own window hides what the connection has
     * @param nanoClock as {@link System#nanoTime}
     * @param socket that packets of the connection leave by
     */
    TurnEnd(Executor afterTurn, Executor later, LongSupplier nanoClock, PacketBatch socket) {
        this.afterTurn = afterTurn;
        this.later = later;
        this.nanoClock = nanoClock;
        this.socket = socket;
        movedNanos = nanoClock.getAsLong();
    }

    /** Makes what runs an action in a while, on an event loop. */
    static Executor later(EventLoop loop) {
        return action -> loop.schedule(action, RETRY_NANOS, TimeUnit.NANOSECONDS);
    }

    /** Sends what a stream has written when the turn is over. */
    void flush(StreamOutput output) {
        waiting.add(output);
        if (!due) {
            due = true;
            afterTurn.execute(this::end);
        }
    }

    private void end() {
        due = false;
        flushAll(false);
    }

    private void flushAll(boolean isTimeUp) {
        if (isInOrderAnyway()) {
            for (StreamOutput output : List.copyOf(waiting)) {
                waiting.remove(output);
                sendOn(output);
                holdBackRest(output);
            }
        } else {
            flushInOrder(isTimeUp);
        }
        goOn();
    }

    /** Returns whether it does not matter in what order things go: one stream is alone, or it is so little that quiche, which knows the order, may have it all at once. */
    private boolean isInOrderAnyway() {
        if (isMuchAhead()) {
            return false;
        }
        if (!open.isEmpty()) {
            return waiting.size() == 1 && open.equals(waiting);
        }
        long octets = 0;
        for (StreamOutput output : waiting) {
            octets += output.held();
        }
        return waiting.size() == 1 || octets <= MOST_AHEAD_OCTETS;
    }

    private boolean isMuchAhead() {
        return ahead >= MOST_AHEAD_OCTETS;
    }

    private void flushInOrder(boolean isTimeUp) {
        List<StreamOutput> all = waiting.stream().sorted(MORE_URGENT_FIRST).toList();
        open.removeIf(StreamOutput::isOver);
        if (isMuchAhead()) {
            tryPiece(all, isTimeUp);
        }
        boolean isOpen = true;
        boolean isRestLeft = false;
        for (int i = 0; i < all.size(); i++) {
            StreamOutput output = all.get(i);
            boolean isNext = i > 0 && MORE_URGENT_FIRST.compare(all.get(i - 1), output) != 0;
            isOpen &= !isMuchAhead() && !(isNext && (ahead > 0 || isRestLeft));
            boolean mayGo = isOpen || (ahead > 0 && urgency(output) < mostUrgentAhead);
            if (!mayGo || output.isPieceOut()) {
                send(output, FREE_OCTETS - output.written());
            } else {
                waiting.remove(output); // and, if not all of it goes, behind those that share with it
                if (isNext || (all.size() > 1 && isSharing(output)) || isPreceded(output)) {
                    send(output, SHARE_OCTETS);
                } else {
                    sendOn(output);
                }
                isRestLeft |= output.isWaiting();
            }
            holdBackRest(output);
        }
    }

    /** Returns whether a stream that has more to send would come first, if it had it already. */
    private boolean isPreceded(StreamOutput output) {
        for (StreamOutput other : open) {
            if (MORE_URGENT_FIRST.compare(other, output) < 0 && !isShut(other)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a stream's own window is used up: quiche has taken something of another since it refused this one's. */
    private boolean isShut(StreamOutput output) {
        return output.isPieceOut() && output.refusedAt() < taken;
    }

    private void holdBackRest(StreamOutput output) {
        if (output.isWaiting()) {
            output.holdBack(movedNanos);
            waiting.add(output);
        } else {
            waiting.remove(output);
        }
    }

    /** Sends what there is, in shares, until one does not leave at once. */
    private void sendOn(StreamOutput output) {
        int left = output.held();
        do {
            int length = Math.min(left, SHARE_OCTETS);
            send(output, length);
            left -= length;
        } while (left > 0 && !output.isPieceOut() && !isMuchAhead());
    }

    /**
     * Tries a piece of the stream whose turn it is. Where quiche refuses it, those behind it have to wait, or they would get as much: unless it is the stream's own window that is used up.
     *
     * @param isTimeUp whether to try one, whatever has come
     */
    private void tryPiece(List<StreamOutput> all, boolean isTimeUp) {
        Trial last = trial;
        boolean isPassing = isTimeUp || (last != null && last.isPassedOver());
        boolean isTooSoon = last != null && !last.isRefused() && !last.isOver();
        StreamOutput output = firstTriable(all);
        if (output == null) {
            return;
        }
        StreamOutput refused = isPassing ? null : refusedBefore(output, all);
        if (refused != null) {
            if (last == null || !last.isRefused() || !last.isOf(refused, output)) {
                trial = new Trial(refused, output, hasLeft ? 0 : 1);
            }
        } else if (isTimeUp || !isTooSoon) {
            int more =
                    hasLeft ? 0 : 1; // or what lies there would not become less where each sign is room for one packet
            send(output, PIECE_OCTETS);
            hasLeft = ahead == 0;
            if (isSharing(output) && waiting.remove(output)) {
                waiting.add(output); // behind those that share with it
            }
            trial = hasLeft ? null : new Trial(output, firstTriable(all), more);
        }
    }

    /** Returns a stream whose piece quiche has refused, and for which the turn of another has to wait. */
    private @Nullable StreamOutput refusedBefore(StreamOutput output, List<StreamOutput> all) {
        for (StreamOutput other : all) {
            if (MORE_URGENT_FIRST.compare(other, output) > 0) {
                return null;
            }
            if (other.isPieceOut() && !isShut(other)) {
                return other;
            }
        }
        return null;
    }

    private static @Nullable StreamOutput firstTriable(List<StreamOutput> outputs) {
        for (StreamOutput output : outputs) {
            if (isTriable(output)) {
                return output;
            }
        }
        return null;
    }

    private static boolean isTriable(StreamOutput output) {
        return output.held() > 0 && !output.isPieceOut();
    }

    private boolean isTrialOver() {
        boolean isOver = trial == null || trial.isOver();
        if (isOver) {
            movedNanos = nanoClock.getAsLong();
        }
        return isOver;
    }

    private void goOn() {
        if (ahead > 0 && !waiting.isEmpty()) {
            ahead = Math.max(ahead, MOST_AHEAD_OCTETS); // what waits has to wait until all of that has left
        }
        isWatchWanted = false;
        if (waiting.stream().noneMatch(TurnEnd::isTriable)) {
            return; // pieces that quiche has not taken tell themselves when it does
        }
        if (ahead == 0 || isTrialOver()) {
            flush(waiting.iterator().next());
        } else {
            watch();
        }
    }

    private static int urgency(StreamOutput output) {
        QuicStreamPriority priority = output.priority();
        return priority == null ? LEAST_URGENT : priority.urgency();
    }

    private static boolean isSharing(StreamOutput output) {
        QuicStreamPriority priority = output.priority();
        return priority == null || priority.isIncremental();
    }

    private void send(StreamOutput output, long most) {
        boolean wasOut = output.isPieceOut();
        long before = socket.octets();
        int length = output.flush((int) Math.max(most, 0));
        note(output);
        if (length == 0) {
            return;
        }
        if (!output.isPieceOut()) {
            taken++;
        } else if (!wasOut) {
            output.refusedAt(taken);
        }
        if (socket.octets() - before >= length) {
            ahead = 0;
            mostUrgentAhead = LEAST_URGENT;
            movedNanos = nanoClock.getAsLong();
        } else {
            ahead += length;
            mostUrgentAhead = Math.min(mostUrgentAhead, urgency(output));
        }
    }

    private void note(StreamOutput output) {
        if (output.isOver()) {
            open.remove(output);
        } else if (open.add(output) && open.size() > mostOpen) {
            open.removeIf(StreamOutput::isOver);
            mostOpen = Math.max(MANY, 2 * open.size());
        }
    }

    /** Looks again when packets have come, and in a while. */
    private void watch() {
        isWatchWanted = true;
        if (!watching) {
            watching = true;
            socket.atTurnEnd(look);
        }
        if (!timed) {
            timed = true;
            later.execute(this::onTime);
        }
    }

    private void look() {
        if (isWatchWanted && !isTrialOver()) {
            socket.atTurnEnd(look);
            return;
        }
        watching = false;
        if (isMuchAhead()) {
            flushAll(false);
        }
    }

    private void onTime() {
        timed = false;
        if (!isMuchAhead() || waiting.isEmpty()) {
            return;
        }
        if (nanoClock.getAsLong() - movedNanos >= RETRY_NANOS) {
            flushAll(true);
        } else if (isWatchWanted) {
            watch(); // what is tried beside that would pile up
        }
    }
}
