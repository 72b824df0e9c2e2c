package io.lb4j.http3;

import io.netty.handler.codec.quic.QuicConnectionStats;
import org.jspecify.annotations.Nullable;

/**
 * Octets of requests that have come and that nobody has read: they lie in the codec, which does not tell how many they are. Reckoned from above, at each look: what
 * packets brought, less the least that they cost, less what was read. While every request is read there are none. Confined to the event loop.
 */
final class UnreadOctets {
    /** A packet's first octet, connection id, number and seal (RFC 9000 §17.3.1, RFC 9001 §5.3): no octet of a stream among them. */
    private static final int PACKET_OCTETS = 1 + 20 + 1 + 16;
    /** The codec grants no more of a connection, unless it is told to begin with more. */
    private static final long WIDEST_WINDOW_OCTETS = 24L << 20;

    private final Memory memory;
    private final long most;
    private long read; // since the last look
    private long unread;
    private @Nullable QuicConnectionStats seen;

    /**
     * Creates it, with nothing unread.
     *
     * @param initialWindow octets that a connection may bring before any is read
     */
    UnreadOctets(Memory memory, long initialWindow) {
        this.memory = memory;
        most = Math.max(WIDEST_WINDOW_OCTETS, initialWindow);
    }

    /** Octets of a request were read. */
    void onRead(int octets) {
        read += octets;
    }

    /**
     * Looks anew.
     *
     * @param isHeld whether a request is not read at present
     */
    void look(QuicConnectionStats now, boolean isHeld) {
        QuicConnectionStats before = seen;
        long packets = now.recv() - (before == null ? 0 : before.recv());
        long octets = now.recvBytes() - (before == null ? 0 : before.recvBytes());
        long change = octets - PACKET_OCTETS * packets - read;
        seen = now;
        read = 0;
        long next = isHeld ? Math.min(most, Math.max(0, unread + change)) : 0;
        memory.add(next - unread);
        unread = next;
    }
}
