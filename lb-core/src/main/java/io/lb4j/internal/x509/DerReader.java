package io.lb4j.internal.x509;

import java.nio.ByteBuffer;

/** Reads DER element by element. Every method throws IllegalArgumentException if the octets are not what they should be. */
final class DerReader {
    private final ByteBuffer in;

    DerReader(byte[] der) {
        this(ByteBuffer.wrap(der));
    }

    private DerReader(ByteBuffer in) {
        this.in = in;
    }

    boolean hasMore() {
        return in.hasRemaining();
    }

    /** Returns whether the next element has this tag. */
    boolean isNext(int tag) {
        return in.hasRemaining() && (in.get(in.position()) & 0xff) == tag;
    }

    /** Reads an element and returns a reader of what it contains. */
    DerReader enter(int tag) {
        if (!isNext(tag)) {
            throw new IllegalArgumentException("DER: another element (expected: tag " + tag + ")");
        }
        in.get();
        int length = length();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("DER: a length of " + length + " (expected: <= " + in.remaining() + ")");
        }
        ByteBuffer content = in.slice(in.position(), length);
        in.position(in.position() + length);
        return new DerReader(content);
    }

    /** Reads an element, for what follows it. */
    void skip(int tag) {
        enter(tag);
    }

    /** Returns what is left to read. */
    byte[] octets() {
        byte[] octets = new byte[in.remaining()];
        in.duplicate().get(octets);
        return octets;
    }

    private int length() {
        int first = octet();
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = first & 0x7f; i > 0; i--) {
            if (length >> 23 != 0) {
                throw new IllegalArgumentException("DER: a length beyond 2 GiB");
            }
            length = (length << 8) | octet();
        }
        return length;
    }

    private int octet() {
        if (!in.hasRemaining()) {
            throw new IllegalArgumentException("DER: it ends within an element");
        }
        return in.get() & 0xff;
    }
}
