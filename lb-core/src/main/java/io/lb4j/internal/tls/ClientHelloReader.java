package io.lb4j.internal.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a ClientHello together from whatever records and packets it comes in (RFC 8446 §5.1 lets a client cut it between any two
 * octets), and keeps the octets for the engine. Each octet is looked at once, so that many small pieces cost no more than one.
 *
 * <p>Confined to the connection's event loop; {@link #release} it, or {@link #takeOctets()}.
 */
final class ClientHelloReader {
    /** What the octets amount to so far. */
    enum State {
        INCOMPLETE,
        COMPLETE,
        NOT_TLS,
        MALFORMED,
        TOO_LARGE
    }

    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;
    private static final int MAX_RECORD = 16 * 1024;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int MAJOR_VERSION = 3;
    private static final int FIRST_CAPACITY = 1024;
    // A record around each octet makes six of one: with these a hello of nearly 11 KiB may still come in such crumbs.
    private static final int MAX_OCTETS = 64 * 1024;

    private final int maxHelloBytes;
    private @Nullable ByteBuf octets; // all that came, records and all
    private int examined; // how many of them have been looked at
    private int recordRemaining; // octets of the present record still to come
    private byte[] message = new byte[FIRST_CAPACITY]; // what the records carry
    private int messageLength;
    private State state = State.INCOMPLETE;
    private Optional<ClientHello> hello = Optional.empty();

    ClientHelloReader(int maxHelloBytes) {
        this.maxHelloBytes = maxHelloBytes;
    }

    /**
     * Reads on.
     *
     * @param data taken over
     */
    State read(ByteBufAllocator allocator, ByteBuf data) {
        octets = octets == null ? data : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, octets, data);
        while (state == State.INCOMPLETE && examined < octets.readableBytes()) {
            state = recordRemaining == 0 ? readRecordHeader(octets) : readFragment(octets);
            if (state == State.INCOMPLETE
                    && recordRemaining == 0
                    && octets.readableBytes() - examined < RECORD_HEADER) {
                break;
            }
        }
        if (state == State.INCOMPLETE && octets.readableBytes() > MAX_OCTETS) {
            state = State.TOO_LARGE;
        }
        return state;
    }

    /** Returns the message; present once the state is COMPLETE. */
    Optional<ClientHello> hello() {
        return hello;
    }

    /**
     * Hands out everything that was read, for the engine to read again.
     *
     * @return the caller releases it; null if nothing was read, or it was taken before
     */
    @Nullable ByteBuf takeOctets() {
        ByteBuf taken = octets;
        octets = null;
        return taken;
    }

    void release() {
        if (octets != null) {
            octets.release();
            octets = null;
        }
    }

    private State readRecordHeader(ByteBuf in) {
        int at = in.readerIndex() + examined;
        if (in.getUnsignedByte(at) != HANDSHAKE_RECORD) {
            return examined == 0 ? State.NOT_TLS : State.MALFORMED;
        }
        if (in.readableBytes() - examined < RECORD_HEADER) {
            return State.INCOMPLETE;
        }
        int length = in.getUnsignedShort(at + 3);
        if (in.getUnsignedByte(at + 1) != MAJOR_VERSION || length > MAX_RECORD) {
            return examined == 0 ? State.NOT_TLS : State.MALFORMED;
        }
        if (length == 0) {
            return State.MALFORMED; // RFC 8446 §5.1: no empty fragments of handshake messages
        }
        recordRemaining = length;
        examined += RECORD_HEADER;
        return State.INCOMPLETE;
    }

    private State readFragment(ByteBuf in) {
        int length = Math.min(recordRemaining, in.readableBytes() - examined);
        if (messageLength + length > message.length) {
            message = Arrays.copyOf(message, Math.max(message.length << 1, messageLength + length));
        }
        in.getBytes(in.readerIndex() + examined, message, messageLength, length);
        messageLength += length;
        examined += length;
        recordRemaining -= length;
        if (message[0] != CLIENT_HELLO) {
            return State.MALFORMED;
        }
        return messageLength < MESSAGE_HEADER ? State.INCOMPLETE : readMessage();
    }

    private State readMessage() {
        int length = ((message[1] & 0xff) << 16) | ((message[2] & 0xff) << 8) | (message[3] & 0xff);
        if (length > maxHelloBytes) {
            return State.TOO_LARGE;
        }
        if (messageLength - MESSAGE_HEADER < length) {
            return State.INCOMPLETE;
        }
        hello = ClientHello.parse(
                ByteBuffer.wrap(message, MESSAGE_HEADER, length).slice());
        return hello.isPresent() ? State.COMPLETE : State.MALFORMED;
    }
}
