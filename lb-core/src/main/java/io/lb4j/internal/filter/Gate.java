package io.lb4j.internal.filter;

import io.lb4j.http.Fields;
import io.lb4j.internal.loop.LoopTimer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** What one filter holds back of one direction, and why. Made when it first does. Confined to the exchange's event loop. */
final class Gate extends LoopTimer.Timeout {
    /** Why a gate is closed. */
    enum State {
        OPEN,
        /** The filter resumes. */
        PAUSED,
        /** The whole body is waited for. */
        GATHERING,
        /** The next piece of the body is waited for. */
        COLLECTING
    }

    private final Flow flow;
    private final int position;

    State state = State.OPEN;
    long pausedNanos; // since when
    boolean headHeld;
    boolean headEnd;
    /** Octets that go on when the gate opens; and those that the filter is to see first. */
    @Nullable ByteBuf seen;

    @Nullable ByteBuf unseen;

    boolean endSeen;
    boolean endUnseen;

    @Nullable Fields trailersSeen;

    @Nullable Fields trailersUnseen;

    Gate(Flow flow, int position) {
        this.flow = flow;
        this.position = position;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isPaused() {
        return state == State.PAUSED;
    }

    @Override
    protected void expire() {
        flow.late(position);
    }

    void addUnseen(ByteBuf data, boolean end) {
        unseen = join(unseen, data);
        endUnseen |= end;
    }

    void addSeen(ByteBuf data, boolean end) {
        seen = join(seen, data);
        endSeen |= end;
    }

    int unseenOctets() {
        return unseen == null ? 0 : unseen.readableBytes();
    }

    /** Gives away what the filter has not seen. */
    ByteBuf takeUnseen() {
        ByteBuf taken = unseen == null ? Unpooled.EMPTY_BUFFER : unseen;
        unseen = null;
        endUnseen = false;
        return taken;
    }

    /** Lets go of everything. */
    void release() {
        if (seen != null) {
            seen.release();
            seen = null;
        }
        if (unseen != null) {
            unseen.release();
            unseen = null;
        }
    }

    private static ByteBuf join(@Nullable ByteBuf held, ByteBuf more) {
        if (held == null) {
            return more;
        }
        if (!more.isReadable()) {
            more.release();
            return held;
        }
        if (held instanceof CompositeByteBuf composite) {
            return composite.addComponent(true, more);
        }
        return Unpooled.compositeBuffer(Integer.MAX_VALUE)
                .addComponent(true, held)
                .addComponent(true, more);
    }
}
