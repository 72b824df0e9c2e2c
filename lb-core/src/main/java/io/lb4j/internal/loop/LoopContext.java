package io.lb4j.internal.loop;

import io.netty.channel.EventLoop;

/** What belongs to one event loop of a balancer. Confined to that loop, but for {@link #eventLoop()}. */
public final class LoopContext {
    private final EventLoop eventLoop;
    private final LoopTimer timer;
    private final TurnFlusher flusher;
    private final int index;

    /**
     * Creates the context of a loop.
     *
     * @param index the loop's number within its balancer, from 0
     */
    public LoopContext(EventLoop eventLoop, int index) {
        this.eventLoop = eventLoop;
        this.index = index;
        timer = new LoopTimer(eventLoop);
        flusher = new TurnFlusher(eventLoop);
    }

    /** Returns the loop. */
    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** Returns the loop's number within its balancer, from 0. */
    public int index() {
        return index;
    }

    /** Returns the loop's timeouts. */
    public LoopTimer timer() {
        return timer;
    }

    /** Returns the loop's flusher. */
    public TurnFlusher flusher() {
        return flusher;
    }
}
