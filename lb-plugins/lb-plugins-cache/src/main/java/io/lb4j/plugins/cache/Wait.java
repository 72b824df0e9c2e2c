package io.lb4j.plugins.cache;

import io.lb4j.spi.FilterExchange;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** One exchange's wait for what others fetch: bounded as a whole, however often it begins anew. Confined to the event loop, but for {@link #run}. */
final class Wait implements Runnable {
    private final EventLoop loop;
    private final Runnable awake;
    private final Future<?> timer;
    private boolean over;
    private boolean ended;

    Wait(FilterExchange exchange, Duration longest, Runnable awake) {
        this.loop = exchange.eventLoop();
        this.awake = awake;
        this.timer = loop.schedule(this::expire, longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns whether it has been waited long enough. */
    boolean isOver() {
        return over;
    }

    /** Somebody's fetch is over. From any thread. */
    @Override
    public void run() {
        try {
            loop.execute(this::look);
        } catch (RejectedExecutionException e) {
            return; // the loop has shut down, and the exchange with it
        }
    }

    private void expire() {
        if (!ended && !over) {
            over = true;
            awake.run();
        }
    }

    private void look() {
        if (!ended && !over) {
            awake.run();
        }
    }

    /** Nobody waits any more. */
    void end() {
        ended = true;
        timer.cancel(false);
    }
}
