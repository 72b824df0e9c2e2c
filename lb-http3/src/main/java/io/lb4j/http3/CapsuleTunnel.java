package io.lb4j.http3;

import io.lb4j.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A tunnel of capsules (RFC 9297 §3.5): a datagram that comes from the peer goes on as a DATAGRAM capsule among the octets of its stream, so that it finds its
 * way over every protocol; and a DATAGRAM capsule on its way to the peer becomes a datagram again, where the peer takes one that large. Confined to the event
 * loop.
 */
final class CapsuleTunnel {
    private static final Set<String> PROTOCOLS = Set.of("connect-udp", "connect-ip"); // RFC 9298, RFC 9484
    private static final long DATAGRAM = 0;

    private final DatagramPort port;
    private final long streamId;
    private final Inlet inlet;
    private final CapsuleReader incoming = new CapsuleReader();
    private final CapsuleReader outgoing = new CapsuleReader();
    private @Nullable ByteBuf datagram; // on its way out, as far as it has come

    /** Where datagrams of the peer go on to. */
    interface Inlet {
        /** Returns whether octets are taken now. */
        boolean isOpen();

        /** Takes a capsule over. */
        void onCapsule(ByteBuf capsule);
    }

    CapsuleTunnel(DatagramPort port, long streamId, Inlet inlet) {
        this.port = port;
        this.streamId = streamId;
        this.inlet = inlet;
        port.open(streamId, this);
    }

    /** Returns whether a request asks for such a tunnel. */
    static boolean isAskedFor(RequestHead head) {
        return head.protocol().filter(PROTOCOLS::contains).isPresent();
    }

    /** Follows octets that come on the stream; they go on as they are. */
    void follow(ByteBuf data) {
        ByteBuf octets = data.duplicate();
        while (octets.isReadable()) {
            if (incoming.isInValue()) {
                octets.skipBytes(incoming.takeValue(octets.readableBytes()));
            } else {
                incoming.readHeader(octets);
            }
        }
    }

    /**
     * Takes a datagram of the peer's over, unless there is no place for it: where a capsule is half there, or nothing is wanted at the moment, it is lost, as
     * datagrams are.
     */
    boolean take(ByteBuf payload) {
        if (!incoming.isAtBoundary() || !inlet.isOpen()) {
            return false;
        }
        ByteBuf header = payload.alloc().directBuffer(1 + Varints.MOST_OCTETS);
        Varints.write(header, DATAGRAM);
        Varints.write(header, payload.readableBytes());
        inlet.onCapsule(payload.isReadable() ? Unpooled.wrappedBuffer(header, payload) : released(payload, header));
        return true;
    }

    private static ByteBuf released(ByteBuf empty, ByteBuf header) {
        empty.release();
        return header;
    }

    /**
     * Sends octets on to the peer: datagrams as such, and the rest in pieces.
     *
     * @param data is taken over
     * @param rest takes over what belongs on the stream
     */
    void send(ByteBuf data, ByteBufAllocator allocator, Consumer<ByteBuf> rest) {
        while (data.isReadable()) {
            if (outgoing.isInValue()) {
                int octets = outgoing.takeValue(data.readableBytes());
                onValue(data, octets, rest);
            } else if (outgoing.readHeader(data)) {
                onHeader(allocator, rest);
            }
        }
        data.release();
    }

    private void onHeader(ByteBufAllocator allocator, Consumer<ByteBuf> rest) {
        if (outgoing.type() != DATAGRAM || outgoing.length() > port.room(streamId)) {
            rest.accept(outgoing.header());
            return;
        }
        ByteBuf begun = allocator.directBuffer(Math.max(1, (int) outgoing.length()));
        datagram = begun;
        sendIfWhole(begun);
    }

    private void onValue(ByteBuf data, int octets, Consumer<ByteBuf> rest) {
        ByteBuf begun = datagram;
        if (begun == null) {
            rest.accept(data.readRetainedSlice(octets));
            return;
        }
        begun.writeBytes(data, octets);
        sendIfWhole(begun);
    }

    private void sendIfWhole(ByteBuf begun) {
        if (outgoing.isAtBoundary()) {
            datagram = null;
            port.send(streamId, begun);
        }
    }

    /** The stream is over. */
    void close() {
        port.close(streamId);
        ByteBuf begun = datagram;
        if (begun != null) {
            datagram = null;
            begun.release();
        }
    }
}
