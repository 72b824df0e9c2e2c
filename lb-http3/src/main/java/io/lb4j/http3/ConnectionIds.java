package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Makes the ids of a listener's connections: the number of their event loop, where the codec's dispatcher looks for it, a mark that a listener draws each time it is bound, and
 * chance. By the mark it knows which ids it has never given out. Thread-safe.
 */
final class ConnectionIds {
    /**
     * The length of all ids. Seven octets of chance are enough for millions at once; and no more than these fit: quiche has 128 octets for all that it tells a client of a
     * connection, with a Retry two of our ids, one of the client's, and a reset token among it.
     */
    static final int OCTETS = 11;

    private static final int MARK_AT = Short.BYTES;

    private final SecureRandom random = new SecureRandom();
    private final short mark = (short) random.nextInt();

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
        return octets.getShort(at + MARK_AT) == mark;
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
