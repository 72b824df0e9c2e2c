package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes the ids of a listener's connections: the number of their event loop, where the codec's dispatcher looks for it, a mark that a listener draws each time it is bound, and
 * chance. By the mark it knows which ids it has never given out, but for those that a Retry of another gave to clients who came to it with them. Thread-safe.
 */
final class ConnectionIds {
    /**
     * The length of all ids. Seven octets of chance are enough for millions at once; and no more than these fit: quiche has 128 octets for all that it tells a client of a
     * connection, with a Retry two of our ids, one of the client's, and a reset token among it.
     */
    static final int OCTETS = 11;

    private static final int MARK_AT = Short.BYTES;

    private final SecureRandom random = new SecureRandom();
    private final Set<ByteBuffer> adopted = ConcurrentHashMap.newKeySet();
    private final short mark;

    /** Draws a mark. */
    ConnectionIds() {
        this(List.of());
    }

    /**
     * Draws a mark.
     *
     * @param others whose marks it must not be
     */
    ConnectionIds(List<ConnectionIds> others) {
        short drawn;
        do {
            drawn = (short) random.nextInt();
        } while (isMarkOf(others, drawn));
        mark = drawn;
    }

    private static boolean isMarkOf(List<ConnectionIds> others, short drawn) {
        for (ConnectionIds other : others) {
            if (other.mark == drawn) {
                return true;
            }
        }
        return false;
    }

    /** Returns what makes the ids of a loop's connections. */
    QuicConnectionIdGenerator ofLoop(int number) {
        return new OfLoop(number);
    }

    /**
     * Returns whether an id may have been given out here: all that were have the mark, and of others one in 65,536.
     *
     * @param at where the id begins
     */
    boolean isOurs(ByteBuf octets, int at) {
        return isMarked(octets, at) || isAdopted(octets, at);
    }

    /** Returns whether an id has the mark. */
    boolean isMarked(ByteBuf octets, int at) {
        return octets.getShort(at + MARK_AT) == mark;
    }

    /** Returns whether an id is one of those that others gave out, and connections here go by. */
    boolean isAdopted(ByteBuf octets, int at) {
        return hasAdopted() && adopted.contains(ByteBuffer.wrap(ByteBufUtil.getBytes(octets, at, OCTETS)));
    }

    /** Returns whether connections go by ids that others gave out. */
    boolean hasAdopted() {
        return !adopted.isEmpty();
    }

    /** A connection goes by an id that was given out here, or by another. */
    void adopt(ByteBuffer id) {
        if (id.remaining() == OCTETS && id.getShort(id.position() + MARK_AT) != mark) {
            adopted.add(id);
        }
    }

    /** The connection that goes by an id has ended. */
    void abandon(ByteBuffer id) {
        adopted.remove(id);
    }

    /**
     * Returns the number of the event loop that an id names, if it was made here, or by others like this.
     *
     * @return empty for one of another length
     */
    static OptionalInt loopOf(ByteBuffer id) {
        return id.remaining() == OCTETS
                ? OptionalInt.of(Short.toUnsignedInt(id.getShort(id.position())))
                : OptionalInt.empty();
    }

    private final class OfLoop implements QuicConnectionIdGenerator {
        private final int number;

        OfLoop(int number) {
            this.number = number;
        }

        @Override
        public ByteBuffer newId(int length) {
            byte[] id = new byte[length];
            random.nextBytes(id);
            return ByteBuffer.wrap(id).putShort(0, (short) number).putShort(MARK_AT, mark);
        }

        @Override
        public ByteBuffer newId(ByteBuffer input, int length) {
            return newId(length);
        }

        @Override
        public ByteBuffer newId(ByteBuffer source, ByteBuffer destination, int length) {
            return newId(length);
        }

        @Override
        public int maxConnectionIdLength() {
            return OCTETS;
        }

        @Override
        public boolean isIdempotent() {
            return false;
        }
    }
}
