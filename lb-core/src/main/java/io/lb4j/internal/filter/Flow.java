package io.lb4j.internal.filter;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One direction of an exchange through the chain. Each filter has a gate: open, or holding back what has come so far. What a filter has
 * let pass goes to the next; what came while its gate was closed is shown to it when the gate opens. Confined to the exchange's event loop.
 *
 * <p>Head, body and trailers stand together, however long that is: each may be what opens, closes or re-enters the gate of another.
 */
abstract class Flow {
    final ChainRun run;
    final MessageLength length = new MessageLength();
    private final int size;
    private @Nullable Gate @Nullable [] gates; // once a filter holds something back
    private int paused;

    Flow(ChainRun run, int size) {
        this.run = run;
        this.size = size;
    }

    /** Returns the seat at a position of this direction. */
    abstract Seat seat(int position);

    /** Returns the position of the seat with this index in the chain; negative if this flow does not go through it. */
    abstract int positionOf(int index);

    abstract Verdict callHead(Seat seat, boolean end);

    /** Takes the body that the filter which was just called has given to a message without one; null if it has not. */
    @Nullable ByteBuf takeGiven() {
        return null;
    }

    abstract Verdict callData(Seat seat, BodyPart part, boolean end);

    abstract void callBodyEnd(Seat seat, BodyPart rest);

    abstract Verdict callTrailers(Seat seat, Fields trailers);

    abstract void passHead(boolean end);

    /** Hands on a piece of the body that has passed every filter. */
    abstract void sendData(ByteBuf data, boolean end);

    /** Hands on trailers that have passed every filter. */
    abstract void sendTrailers(Fields trailers);

    /** Returns the fields of the message's head. */
    abstract Fields fields();

    /** The sender is not to be read for the time being, or is to be read again. */
    abstract void hold(boolean hold);

    /** Returns what a body over the limit fails as. */
    abstract Kind overflow();

    abstract boolean isOver();

    /** Returns whether what comes is not a body but goes through a tunnel. */
    abstract boolean isTunnel();

    final void head(boolean end) {
        head(0, end);
    }

    final void data(ByteBuf data, boolean end) {
        deliver(0, data, end);
    }

    final void trailers(Fields trailers) {
        if (!isOver()) {
            trailers(0, trailers);
        }
    }

    private void passData(ByteBuf data, boolean end) {
        try {
            length.pass(data.readableBytes(), end);
        } catch (ProxyException unfit) {
            data.release();
            run.fail(unfit);
            return;
        }
        sendData(data, end);
    }

    private void passTrailers(Fields trailers) {
        try {
            HeadCheck.trailers(trailers);
            length.pass(0, true);
        } catch (ProxyException unfit) {
            run.fail(unfit);
            return;
        }
        sendTrailers(trailers);
    }

    private @Nullable Gate gateAt(int position) {
        return gates == null ? null : gates[position];
    }

    private Gate gate(int position) {
        if (gates == null) {
            gates = new Gate[size];
        }
        Gate known = gates[position];
        if (known == null) {
            known = new Gate(this, position);
            gates[position] = known;
        }
        return known;
    }

    private void head(int from, boolean end) {
        run.startWatch();
        for (int i = from; i < size; i++) {
            Verdict verdict = callHead(seat(i), end);
            ByteBuf given = takeGiven();
            if (isOver()) {
                ReferenceCountUtil.release(given);
                return;
            }
            if (given != null) {
                headWithBody(i, verdict, given);
                return;
            }
            if (verdict == Verdict.PAUSE || (verdict != Verdict.CONTINUE && !end && !isTunnel())) {
                Gate gate = gate(i);
                gate.headHeld = true;
                gate.headEnd = end;
                close(i, gate, verdict);
                return;
            }
        }
        passHead(end);
    }

    /** A head to which a filter has given a body goes on, or waits with it. */
    private void headWithBody(int position, Verdict verdict, ByteBuf given) {
        if (verdict == Verdict.PAUSE) {
            Gate gate = gate(position);
            gate.headHeld = true;
            gate.headEnd = false;
            gate.addSeen(given, true);
            close(position, gate, verdict);
            return;
        }
        head(position + 1, false);
        deliver(position + 1, given, true);
    }

    private void close(int position, Gate gate, Verdict verdict) {
        if (verdict == Verdict.PAUSE) {
            gate.state = Gate.State.PAUSED;
            gate.pausedNanos = System.nanoTime();
            if (paused++ == 0) {
                hold(true);
            }
            run.loop().timer().set(gate, seat(position).entry().conduct().timeoutNanos());
        } else { // the sender is read on: the body is wanted
            gate.state = verdict == Verdict.BUFFER ? Gate.State.GATHERING : Gate.State.COLLECTING;
        }
    }

    private void deliver(int from, ByteBuf data, boolean end) {
        if (isOver()) {
            data.release();
            return;
        }
        run.startWatch();
        ByteBuf current = data;
        for (int i = from; i < size; i++) {
            Gate gate = gateAt(i);
            if (gate != null && !gate.isOpen()) {
                if (!opens(i, gate, current, end)) {
                    return;
                }
                current = gate.takeUnseen();
            }
            BodyPart part = new BodyPart(current);
            Verdict verdict = callData(seat(i), part, end);
            current = part.take();
            if (isOver()) {
                current.release();
                return;
            }
            if (!passes(i, verdict, current, end)) {
                return;
            }
        }
        passData(current, end);
    }

    /** Adds a piece to what a gate holds; returns whether the filter is to see it all now. */
    private boolean opens(int position, Gate gate, ByteBuf data, boolean end) {
        gate.addUnseen(data, end);
        if (gate.isPaused()) {
            return false; // bounded by what was on its way when reading stopped
        }
        boolean complete = gate.state == Gate.State.COLLECTING || end;
        if (!keepsWithin(position, gate) || !complete) {
            return false;
        }
        gate.state = Gate.State.OPEN;
        return true;
    }

    private boolean keepsWithin(int position, Gate gate) {
        long limit = seat(position).entry().conduct().bufferLimit();
        if (gate.unseenOctets() <= limit) {
            return true;
        }
        run.fail(new ProxyException(
                overflow(),
                "body gathered by plugin " + seat(position).entry().name() + ": > " + limit + " (the limit)"));
        return false;
    }

    /** Returns whether what a filter has seen goes on; else it is kept at the filter's gate. */
    private boolean passes(int position, Verdict verdict, ByteBuf data, boolean end) {
        if (verdict == Verdict.PAUSE) {
            Gate gate = gate(position);
            gate.addSeen(data, end);
            close(position, gate, verdict);
            return false;
        }
        if (verdict != Verdict.CONTINUE && !end) {
            Gate gate = gate(position);
            close(position, gate, verdict);
            gate.addUnseen(data, false);
            keepsWithin(position, gate);
            return false;
        }
        return releaseHead(position, data, end);
    }

    /** Lets a head go on that waited for its body; returns whether the body may follow. */
    private boolean releaseHead(int position, ByteBuf data, boolean end) {
        Gate gate = gateAt(position);
        if (gate != null && gate.headHeld) {
            gate.headHeld = false;
            if (end) {
                MessageLength.fit(fields(), data.readableBytes());
            }
            head(position + 1, false);
            if (isOver()) {
                data.release();
                return false;
            }
        }
        return true;
    }

    private void trailers(int from, Fields trailers) {
        run.startWatch();
        for (int i = from; i < size; i++) {
            Gate gate = gateAt(i);
            if (gate != null && gate.isPaused()) {
                gate.trailersUnseen = trailers.copy();
                return;
            }
            if (gate != null && !gate.isOpen() && !flushGathered(i, gate)) {
                gate.trailersUnseen = gate.isPaused() ? trailers.copy() : null;
                return;
            }
            if (!endBody(i)) {
                return;
            }
            Verdict verdict = callTrailers(seat(i), trailers);
            if (isOver()) {
                return;
            }
            if (verdict == Verdict.PAUSE) {
                Gate closing = gate(i);
                closing.trailersSeen = trailers.copy();
                close(i, closing, verdict);
                return;
            }
        }
        passTrailers(trailers);
    }

    /** Lets a filter close a body that trailers end; returns whether the exchange goes on. */
    private boolean endBody(int position) {
        BodyPart rest = new BodyPart(Unpooled.EMPTY_BUFFER);
        callBodyEnd(seat(position), rest);
        ByteBuf data = rest.take();
        if (isOver() || !data.isReadable()) {
            data.release();
        } else {
            deliver(position + 1, data, false);
        }
        return !isOver();
    }

    /** Shows a filter the body it has gathered, which trailers have ended; returns whether the body went on. */
    private boolean flushGathered(int position, Gate gate) {
        gate.state = Gate.State.OPEN;
        BodyPart part = new BodyPart(gate.takeUnseen());
        Verdict verdict = callData(seat(position), part, false);
        ByteBuf data = part.take();
        if (isOver()) {
            data.release();
            return false;
        }
        if (gate.headHeld && verdict != Verdict.PAUSE) {
            MessageLength.fit(fields(), data.readableBytes());
        }
        // There is no more to gather.
        if (!passes(position, verdict == Verdict.PAUSE ? verdict : Verdict.CONTINUE, data, false)) {
            return false;
        }
        deliver(position + 1, data, false);
        return !isOver();
    }

    /** Opens a filter's gate: first what it has seen goes on, then it sees what has come since. */
    final void resume(int position) {
        Gate gate = gateAt(position);
        if (gate == null || isOver()) {
            return;
        }
        if (gate.state == Gate.State.COLLECTING) {
            letGo(position, gate);
            return;
        }
        if (!gate.isPaused()) {
            return;
        }
        gate.state = Gate.State.OPEN;
        run.loop().timer().cancel(gate);
        seat(position).spent(System.nanoTime() - gate.pausedNanos);
        if (--paused == 0) {
            hold(false);
        }
        passSeen(position, gate);
        if (gate.unseen != null || gate.endUnseen) {
            boolean end = gate.endUnseen;
            deliver(position, gate.takeUnseen(), end);
        }
        Fields unseenTrailers = gate.trailersUnseen;
        if (unseenTrailers != null && !gate.isPaused() && !isOver()) {
            gate.trailersUnseen = null;
            trailers(position, unseenTrailers);
        }
    }

    /** What a filter has seen, and wanted more of, goes on as it is. */
    private void letGo(int position, Gate gate) {
        gate.state = Gate.State.OPEN;
        ByteBuf seen = gate.takeUnseen(); // it is shown each time that there is more
        if (gate.headHeld) {
            gate.headHeld = false;
            head(position + 1, false);
        }
        if (seen.isReadable()) {
            deliver(position + 1, seen, false);
        } else {
            seen.release();
        }
    }

    private void passSeen(int position, Gate gate) {
        if (gate.headHeld) {
            gate.headHeld = false;
            head(position + 1, gate.headEnd);
        }
        ByteBuf seen = gate.seen;
        if (seen != null) {
            gate.seen = null;
            deliver(position + 1, seen, gate.endSeen);
        }
        Fields seenTrailers = gate.trailersSeen;
        if (seenTrailers != null && !isOver()) {
            gate.trailersSeen = null;
            trailers(position + 1, seenTrailers);
        }
    }

    /** A filter has not resumed in time. */
    final void late(int position) {
        if (!isOver()) {
            run.late(seat(position));
            resume(position); // where the exchange goes on without the filter; else it is over
        }
    }

    /** Lets go of everything that is held. */
    final void release() {
        if (gates == null) {
            return;
        }
        for (Gate gate : gates) {
            if (gate != null) {
                run.loop().timer().cancel(gate);
                gate.release();
            }
        }
        if (paused > 0) {
            paused = 0;
            hold(false);
        }
    }
}
