package io.lb4j.http3;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.DefaultHttp3UnknownFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicTransportParameters;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a connection from idling out while streams are open on it. QUIC's PING is not to be had: a frame of a reserved type on the control stream,
 * which every peer acknowledges and ignores, does as well. Confined to the event loop.
 */
final class KeepAlive {
    private static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long SHORTEST_SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    /** A frame that is lost is sent again, and the next one comes in time too. */
    private static final int FRAMES_PER_IDLE_TIME = 3;

    /** RFC 9114 §7.2.8: 0x1f * N + 0x21; with N = 1, for the codec does not take the first of them. */
    private static final long RESERVED_FRAME_TYPE = 0x40;

    private final QuicChannel channel;
    private final Duration idleTime;
    private final BooleanSupplier hasStreams;
    private @Nullable Future<?> next;
    private boolean stopped;

    /**
     * Begins with nothing to do.
     *
     * @param idleTime of this side; the peer's counts where it is shorter
     * @param hasStreams tells whether there is a reason to go on
     */
    KeepAlive(QuicChannel channel, Duration idleTime, BooleanSupplier hasStreams) {
        this.channel = channel;
        this.idleTime = idleTime;
        this.hasStreams = hasStreams;
    }

    /** A stream was opened, or the handshake is over. */
    void begin() {
        if (next == null && !stopped && channel.isActive() && hasStreams.getAsBoolean()) {
            next = channel.eventLoop().schedule(this::send, silenceNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** How long nothing may come from here; read each time, for the peer's idle time is known after the handshake only. */
    private long silenceNanos() {
        long idleNanos = idleTime.toNanos();
        QuicTransportParameters ofPeer = channel.peerTransportParameters();
        if (ofPeer != null && ofPeer.maxIdleTimeout() > 0) {
            idleNanos = Math.min(idleNanos, TimeUnit.MILLISECONDS.toNanos(ofPeer.maxIdleTimeout()));
        }
        long silence = Math.min(LONGEST_SILENCE_NANOS, idleNanos / FRAMES_PER_IDLE_TIME);
        return Math.max(SHORTEST_SILENCE_NANOS, silence);
    }

    private void send() {
        next = null;
        if (!hasStreams.getAsBoolean()) {
            return;
        }
        QuicStreamChannel control = Http3.getLocalControlStream(channel);
        if (control != null) {
            control.writeAndFlush(new DefaultHttp3UnknownFrame(RESERVED_FRAME_TYPE, Unpooled.EMPTY_BUFFER));
        }
        begin();
    }

    /** The connection is over, or is not to be kept. */
    void stop() {
        stopped = true;
        Future<?> pending = next;
        if (pending != null) {
            pending.cancel(false);
        }
    }
}
