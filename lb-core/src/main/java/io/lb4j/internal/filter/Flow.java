package io.lb4j.internal.filter;

import io.lb4j.http.Fields;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an exchange through the chain. Each filter has a gate: open, or holding back what has come so far. What a filter has
 * let pass goes to the next; what came while its gate was closed is shown to it when the gate opens. Confined to the exchange's event loop.
 */
abstract class Flow {
    private final List<Seat> seats;
    private final Gate[] gates;
    private final long bufferLimit;

    /** What is held at one filter. */
    private static final class Gate {
        boolean paused;
        boolean gathering;
        boolean headHeld;
        boolean headEnd;
        /** Octets that the filter has seen and that wait behind it; and those that it has not. */
        @Nullable ByteBuf seen;

        @Nullable ByteBuf unseen;

        boolean endSeen;
        boolean endUnseen;

        @Nullable Fields trailersSeen;

        @Nullable Fields trailersUnseen;

        boolean isClosed() {
            return paused || gathering;
        }
    }

    Flow(List<Seat> seats, long bufferLimit) {
        this.seats = seats;
        this.bufferLimit = bufferLimit;
        gates = new Gate[seats.size()];
        for (int i = 0; i < gates.length; i++) {
            gates[i] = new Gate();
        }
    }

    abstract Verdict callHead(Seat seat, boolean end);

    abstract Verdict callData(Seat seat, BodyPart part, boolean end);

    abstract Verdict callTrailers(Seat seat, Fields trailers);

    abstract void passHead(boolean end);

    abstract void passData(ByteBuf data, boolean end);

    abstract void passTrailers(Fields trailers);

    abstract void hold(boolean hold);

    abstract void overflow(long limit);

    abstract boolean isOver();

    final void head(boolean end) {
        head(0, end);
    }

    final void data(ByteBuf data, boolean end) {
        data(0, data, end);
    }

    final void trailers(Fields trailers) {
        trailers(0, trailers);
    }

    private void head(int from, boolean end) {
        for (int i = from; i < gates.length; i++) {
            Verdict verdict = callHead(seats.get(i), end);
            if (isOver()) {
                return;
            }
            if (verdict == Verdict.PAUSE || (verdict == Verdict.BUFFER && !end)) {
                gates[i].headHeld = true;
                gates[i].headEnd = end;
                close(gates[i], verdict);
                return;
            }
        }
        passHead(end);
    }

    private void close(Gate gate, Verdict verdict) {
        if (verdict == Verdict.BUFFER) {
            gate.gathering = true; // the sender is read on: the body is wanted
        } else {
            gate.paused = true;
            hold(true);
        }
    }

    private void data(int from, ByteBuf data, boolean end) {
        ByteBuf current = data;
        for (int i = from; i < gates.length; i++) {
            Gate gate = gates[i];
            if (gate.isClosed()) {
                gate.unseen = join(gate.unseen, current);
                gate.endUnseen = end;
                if (!keepsWithin(gate.unseen) || !gate.gathering || !end) {
                    return;
                }
                current = takeGathered(gate);
            }
            BodyPart part = new BodyPart(current);
            Verdict verdict = callData(seats.get(i), part, end);
            current = part.take();
            if (isOver()) {
                current.release();
                return;
            }
            if (!passesData(i, verdict, current, end)) {
                return;
            }
        }
        passData(current, end);
    }

    private static ByteBuf takeGathered(Gate gate) {
        ByteBuf whole = gate.unseen == null ? Unpooled.EMPTY_BUFFER : gate.unseen;
        gate.unseen = null;
        gate.endUnseen = false;
        gate.gathering = false;
        return whole;
    }

    /** Returns whether what a filter has seen goes on; else it is kept at the filter's gate. */
    private boolean passesData(int index, Verdict verdict, ByteBuf data, boolean end) {
        Gate gate = gates[index];
        if (verdict == Verdict.BUFFER && !end) {
            gate.gathering = true;
            gate.unseen = join(gate.unseen, data);
            keepsWithin(gate.unseen);
            return false;
        }
        if (verdict == Verdict.PAUSE) {
            gate.seen = join(gate.seen, data);
            gate.endSeen = end;
            close(gate, verdict);
            return false;
        }
        if (gate.headHeld) {
            gate.headHeld = false;
            head(index + 1, false);
            if (isOver()) {
                data.release();
                return false;
            }
        }
        return true;
    }

    private void trailers(int from, Fields trailers) {
        for (int i = from; i < gates.length; i++) {
            Gate gate = gates[i];
            if (gate.paused) {
                gate.trailersUnseen = trailers.copy();
                return;
            }
            if (gate.gathering && !flushGathered(i)) {
                gate.trailersUnseen = gate.paused ? trailers.copy() : null;
                return;
            }
            Verdict verdict = callTrailers(seats.get(i), trailers);
            if (isOver()) {
                return;
            }
            if (verdict == Verdict.PAUSE) {
                gate.trailersSeen = trailers.copy();
                close(gate, verdict);
                return;
            }
        }
        passTrailers(trailers);
    }

    /** Shows a filter the body it has gathered, which trailers have ended; returns whether the body went on. */
    private boolean flushGathered(int index) {
        BodyPart part = new BodyPart(takeGathered(gates[index]));
        Verdict verdict = callData(seats.get(index), part, false);
        ByteBuf data = part.take();
        if (isOver()) {
            data.release();
            return false;
        }
        Verdict effective = verdict == Verdict.BUFFER ? Verdict.CONTINUE : verdict; // there is no more to gather
        if (!passesData(index, effective, data, false)) {
            return false;
        }
        data(index + 1, data, false);
        return !isOver();
    }

    /** Opens a filter's gate: first what it has seen goes on, then it sees what has come since. */
    final void resume(int index) {
        Gate gate = gates[index];
        if (!gate.paused || isOver()) {
            return;
        }
        gate.paused = false;
        hold(false);
        if (gate.headHeld) {
            gate.headHeld = false;
            head(index + 1, gate.headEnd);
        }
        passSeen(index, gate);
        if (gate.unseen != null || gate.endUnseen) {
            ByteBuf unseen = gate.unseen == null ? Unpooled.EMPTY_BUFFER : gate.unseen;
            gate.unseen = null;
            boolean end = gate.endUnseen;
            gate.endUnseen = false;
            deliver(index, unseen, end);
        }
        Fields unseenTrailers = gate.trailersUnseen;
        if (unseenTrailers != null && !gate.paused && !isOver()) {
            gate.trailersUnseen = null;
            trailers(index, unseenTrailers);
        }
    }

    private void passSeen(int index, Gate gate) {
        ByteBuf seen = gate.seen;
        if (seen != null) {
            gate.seen = null;
            deliver(index + 1, seen, gate.endSeen);
        }
        Fields seenTrailers = gate.trailersSeen;
        if (seenTrailers != null && !isOver()) {
            gate.trailersSeen = null;
            trailers(index + 1, seenTrailers);
        }
    }

    private void deliver(int from, ByteBuf data, boolean end) {
        if (isOver()) {
            data.release();
        } else {
            data(from, data, end);
        }
    }

    /** Lets go of everything that is held. */
    final void release() {
        for (Gate gate : gates) {
            if (gate.seen != null) {
                gate.seen.release();
                gate.seen = null;
            }
            if (gate.unseen != null) {
                gate.unseen.release();
                gate.unseen = null;
            }
        }
    }

    private boolean keepsWithin(ByteBuf held) {
        if (held.readableBytes() <= bufferLimit) {
            return true;
        }
        overflow(bufferLimit);
        return false;
    }

    private static ByteBuf join(@Nullable ByteBuf held, ByteBuf more) {
        if (held == null) {
            return more;
        }
        if (held instanceof CompositeByteBuf composite) {
            return composite.addComponent(true, more);
        }
        return Unpooled.compositeBuffer(Integer.MAX_VALUE)
                .addComponent(true, held)
                .addComponent(true, more);
    }

    /** Returns the filter's index in the order of this flow. */
    final int indexOf(Seat seat) {
        return seats.indexOf(seat);
    }
}
