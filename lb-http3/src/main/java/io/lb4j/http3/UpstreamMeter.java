package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Counts one connection to an endpoint, from the beginning of its handshake to its end. What QUIC measures is read once a second while requests
 * are open. Confined to the event loop.
 */
final class UpstreamMeter {
    private static final long PERIOD_SECONDS = 1;

    private final UpstreamPlan plan;
    private final QuicChannel channel;
    private final ConnectionMeter meter;
    private int streams;
    private boolean connected;
    private @Nullable Future<?> next;

    /** Begins: so does the handshake. */
    UpstreamMeter(UpstreamPlan plan, QuicChannel channel) {
        this.plan = plan;
        this.channel = channel;
        meter = new ConnectionMeter(channel, plan.figures());
        plan.figures().count(Figure.HANDSHAKES_OPEN);
    }

    void onConnected() {
        connected = true;
        plan.figures().add(Figure.HANDSHAKES_OPEN, -1);
        plan.figures().count(Figure.CONNECTIONS);
        plan.figures().count(Figure.CONNECTIONS_OPEN);
        if (SessionReuse.of(channel.sslEngine()).orElse(false)) {
            plan.figures().count(Figure.CONNECTIONS_RESUMED);
        }
        plan.meters().add(meter);
    }

    void onStream() {
        streams++;
        plan.figures().count(Figure.STREAMS);
        plan.figures().count(Figure.STREAMS_OPEN);
        if (next == null) {
            readLater();
        }
    }

    /** A request leaves before the handshake is over. */
    void onEarlyRequest() {
        plan.figures().count(Figure.REQUESTS_EARLY);
    }

    void onStreamGone() {
        streams--;
        plan.figures().add(Figure.STREAMS_OPEN, -1);
    }

    private void readLater() {
        next = channel.eventLoop().schedule(this::read, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void read() {
        next = null;
        boolean isMoving = meter.read();
        if (streams > 0 || isMoving) {
            readLater();
        }
    }

    /** The channel is closed, whether it was ever connected or not. */
    void onClosed() {
        Future<?> pending = next;
        if (pending != null) {
            pending.cancel(false);
        }
        meter.read();
        plan.meters().remove(meter);
        if (channel.isTimedOut()) {
            plan.figures().count(Figure.CONNECTIONS_TIMED_OUT);
        }
        if (connected) {
            plan.figures().add(Figure.CONNECTIONS_OPEN, -1);
        } else {
            plan.figures().add(Figure.HANDSHAKES_OPEN, -1);
            plan.figures().count(Figure.HANDSHAKES_FAILED);
        }
    }
}
