package io.lb4j.http3;

import io.lb4j.http.ResetCode;
import io.netty.handler.codec.http3.DefaultHttp3GoAwayFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is ended in order (RFC 9114 §5.2): first a warning, so that requests on their way are still taken; two round trips later
 * the first stream that is not taken is named; when the last that was taken has ended, and the client has acknowledged all that was sent, it has a moment to take it and to
 * close, and then the connection is closed. Confined to the event loop.
 */
final class Farewell {
    private static final long EVERY_STREAM = (1L << 62) - 4;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORTEST_WARNING_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** At least, for a client may throw away what it has received and not read when the connection closes. */
    private static final long SHORTEST_LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Http3ServerConnection connection;
    private final QuicChannel channel;
    private final Deliveries deliveries;
    private long lastSeen = -4; // the highest request stream so far
    private long firstRefused = EVERY_STREAM;
    private boolean begun;
    private boolean patient;
    private boolean named;
    private boolean lingering;
    private boolean isDelivering; // when it was asked last
    private long roundTripNanos;
    private @Nullable Future<?> next;

    Farewell(Http3ServerConnection connection, QuicChannel channel) {
        this.connection = connection;
        this.channel = channel;
        deliveries = new Deliveries(channel);
    }

    /** Notes a stream; returns whether it is taken. */
    boolean takes(long streamId) {
        lastSeen = Math.max(lastSeen, streamId);
        return streamId < firstRefused;
    }

    /** Returns whether a stream, or one behind it, has been opened. */
    boolean hasSeen(long streamId) {
        return streamId <= lastSeen;
    }

    boolean isBegun() {
        return begun;
    }

    /** Begins it without haste: what a client asks for before it heeds the warning is still taken, and who has just come can ask at all. */
    void beginPatiently() {
        patient = true;
        begin();
    }

    void begin() {
        if (begun) {
            return;
        }
        begun = true;
        if (controlStream() == null) {
            connection.close(); // the handshake is not over: nothing has been taken
            return;
        }
        goAway(EVERY_STREAM);
        channel.collectPathStats(0)
                .addListener((Future<QuicConnectionPathStats> stats) ->
                        warn(stats.isSuccess() ? stats.getNow().rtt() : 0));
    }

    private void warn(long measuredNanos) {
        roundTripNanos = measuredNanos;
        after(patient ? LONGEST_WAIT_NANOS : Math.max(SHORTEST_WARNING_NANOS, 2 * roundTripNanos), this::name);
    }

    private void after(long nanos, Runnable step) {
        next = channel.eventLoop().schedule(step, Math.min(LONGEST_WAIT_NANOS, nanos), TimeUnit.NANOSECONDS);
    }

    private void name() {
        named = true;
        firstRefused = lastSeen + 4;
        goAway(firstRefused);
        onIdle();
    }

    /** No stream is open. */
    void onIdle() {
        if (named && !lingering && connection.isIdle()) {
            lingering = true;
            boolean isUnasked = lastSeen < 0 && !patient;
            after(isUnasked ? 0 : lingerNanos(), this::closeOnceDelivered);
        }
    }

    private long lingerNanos() {
        return Math.max(SHORTEST_LINGER_NANOS, 4 * roundTripNanos);
    }

    private void closeOnceDelivered() {
        boolean justDelivered = isDelivering;
        isDelivering = !deliveries.areOver();
        if (isDelivering || justDelivered) {
            after(lingerNanos(), this::closeOnceDelivered);
        } else {
            connection.close(ResetCode.NO_ERROR, "drained");
        }
    }

    /** A response is whole, and so was its request: the client may not have all of it yet. */
    void onResponded(long streamId) {
        deliveries.add(streamId);
    }

    private void goAway(long streamId) {
        QuicStreamChannel control = controlStream();
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3GoAwayFrame(streamId));
        }
    }

    private @Nullable QuicStreamChannel controlStream() {
        return Http3.getLocalControlStream(channel);
    }

    void stop() {
        Future<?> pending = next;
        if (pending != null) {
            pending.cancel(false);
        }
    }
}
