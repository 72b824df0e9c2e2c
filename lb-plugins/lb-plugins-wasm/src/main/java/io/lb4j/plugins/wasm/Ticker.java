package io.lb4j.plugins.wasm;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The timer of one instance. Confined to its event loop. */
final class Ticker {
    private static final long LEAST_MILLIS = 1;

    private final ProxyGuest guest;
    private @Nullable ScheduledFuture<?> running;

    Ticker(ProxyGuest guest) {
        this.guest = guest;
    }

    /** Ticks every so many milliseconds from now on; not at all if there are none. */
    void set(long millis) {
        stop();
        EventLoop loop = guest.loop();
        if (millis > 0 && loop != null && !guest.isRetired()) {
            long period = Math.max(LEAST_MILLIS, millis);
            running = loop.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        guest.callAside(Callback.TICK, ProxyGuest.ROOT);
    }

    void stop() {
        if (running != null) {
            running.cancel(false);
            running = null;
        }
    }
}
