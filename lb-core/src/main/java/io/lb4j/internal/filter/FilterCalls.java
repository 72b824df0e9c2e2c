package io.lb4j.internal.filter;

import io.lb4j.http.RequestHead;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.Filter.Verdict;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How plugins are called in an exchange: one at a time, watched, timed, and whatever they throw contained. Confined to the exchange's event loop.
 */
abstract class FilterCalls {
    private final LoopContext loop;
    private long watchNanos; // when the present call, or the last one, began or ended
    private @Nullable Seat calling;
    private boolean callingOnRequest;

    FilterCalls(LoopContext loop) {
        this.loop = loop;
    }

    /** A filter has thrown: it takes no further part, and the exchange goes on or ends, as configured. */
    abstract void contain(Seat seat, Throwable fault);

    /** Does what a filter has asked for within its call. */
    abstract void doWhatWasAskedFor(Seat seat);

    final LoopContext loop() {
        return loop;
    }

    final boolean isCalling() {
        return calling != null;
    }

    final boolean isCallingOn(boolean request) {
        return callingOnRequest == request;
    }

    /** Begins to measure the calls that follow one another now. */
    final void startWatch() {
        watchNanos = System.nanoTime();
    }

    private void spend(Seat seat) {
        long now = System.nanoTime();
        seat.spent(now - watchNanos);
        watchNanos = now;
    }

    /**
     * Counts what a plugin has thrown. An error of the virtual machine goes on, but for an overflow of the stack, which is the plugin's own.
     */
    final void noteFault(Seat seat, Throwable fault) {
        if (fault instanceof VirtualMachineError error && !(fault instanceof StackOverflowError)) {
            throw error;
        }
        seat.instance().failed(seat, fault);
    }

    /** Asks a plugin whether an exchange is its business; one that throws has failed, and is refused where it must take part. */
    final boolean concerns(Seat seat, RequestHead head) {
        PluginInstance instance = seat.instance();
        LoopCalls.Slot slot = instance.slot(loop.index());
        slot.enter(instance);
        try {
            return instance.plugin().canHandle(head.method(), head.path());
        } catch (Throwable fault) {
            noteFault(seat, fault);
            seat.refuse(ChainRun.failureOf(seat));
            return !seat.mayBeSkipped();
        } finally {
            slot.leave();
        }
    }

    /** Makes the filter of a seat; returns whether there is one. */
    final boolean make(Seat seat) {
        PluginInstance instance = seat.instance();
        instance.traffic().called(loop.index());
        Throwable thrown = null;
        LoopCalls.Slot slot = enter(seat);
        try {
            seat.filter(Objects.requireNonNull(instance.plugin().filter(seat), "filter"));
        } catch (Throwable fault) {
            thrown = fault;
        }
        slot.leave();
        calling = null; // the time goes to the call that follows
        seat.endCall();
        if (thrown != null) {
            contain(seat, thrown);
        }
        doWhatWasAskedFor(seat);
        return thrown == null;
    }

    /** Calls a filter. What it throws is contained, and what it has asked for meanwhile is done before this returns. */
    final Verdict call(Seat seat, Callback callback, Object message, boolean end) {
        Filter filter = seat.filter();
        if (filter == null) {
            return Verdict.CONTINUE;
        }
        Verdict verdict = Verdict.CONTINUE;
        Throwable thrown = null;
        callingOnRequest = callback == Callback.REQUEST_HEAD
                || callback == Callback.REQUEST_DATA
                || callback == Callback.REQUEST_BODY_END
                || callback == Callback.REQUEST_TRAILERS;
        LoopCalls.Slot slot = enter(seat);
        try {
            verdict = Objects.requireNonNull(callback.on(filter, seat, message, end), "verdict");
        } catch (Throwable fault) {
            thrown = fault;
        }
        boolean resumed = leave(seat, slot);
        if (thrown != null) {
            contain(seat, thrown);
            verdict = Verdict.CONTINUE;
        }
        doWhatWasAskedFor(seat);
        return verdict == Verdict.PAUSE && resumed ? Verdict.CONTINUE : verdict;
    }

    private LoopCalls.Slot enter(Seat seat) {
        calling = seat;
        seat.beginCall();
        LoopCalls.Slot slot = seat.instance().slot(loop.index());
        slot.enter(seat.instance());
        return slot;
    }

    private boolean leave(Seat seat, LoopCalls.Slot slot) {
        slot.leave();
        calling = null;
        spend(seat);
        return seat.endCall();
    }

    /** Calls a filter with a piece of a body; one that fails in the middle of it leaves it unread. */
    final Verdict callData(Seat seat, Callback callback, BodyPart part, boolean end) {
        ByteBuf content = part.content();
        int readerIndex = content.readerIndex();
        int writerIndex = content.writerIndex();
        Verdict verdict = call(seat, callback, part, end);
        if (seat.filter() == null && part.content() == content) {
            content.setIndex(readerIndex, writerIndex);
        }
        return verdict;
    }

    /** Tells a filter, if the seat has one, that it was late. */
    final void tellLate(Seat seat) {
        Filter filter = seat.filter();
        if (filter != null) {
            tell(seat, filter, true);
        }
    }

    /** Tells a filter, if the seat has one, that the exchange has ended. */
    final void tellEnd(Seat seat) {
        Filter filter = seat.entered();
        if (filter == null) {
            return;
        }
        tell(seat, filter, false);
        seat.instance().traffic().ended(loop.index(), seat.nanos());
    }

    private void tell(Seat seat, Filter filter, boolean late) {
        LoopCalls.Slot slot = enter(seat);
        try {
            if (late) {
                filter.onLate(seat);
            } else {
                filter.onEnd(seat);
            }
        } catch (Throwable fault) {
            noteFault(seat, fault);
        } finally {
            slot.leave();
            calling = null;
            seat.endCall();
        }
    }
}
