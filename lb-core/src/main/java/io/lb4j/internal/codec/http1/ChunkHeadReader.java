package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.netty.buffer.ByteBuf;

/**
 * Reads the line that begins a chunk (RFC 9112 §7.1): its size, and extensions, which are checked and dropped. White space is taken
 * where the grammar has it, around the semicolon and the equals sign of an extension, and nowhere else.
 */
final class ChunkHeadReader {
    private static final int MAX_DIGITS = 15; // any number of so many hexadecimal digits fits a long

    private enum State {
        SIZE,
        BEFORE_SEMICOLON,
        BEFORE_NAME,
        NAME,
        AFTER_NAME,
        BEFORE_VALUE,
        VALUE,
        QUOTED,
        ESCAPED,
        AFTER_QUOTED,
        LINE_FEED
    }

    private final Direction direction;
    private final int maxExtensionOctets;
    private State state = State.SIZE;
    private long size;
    private int digits;
    private long
            surplus; // octets of extensions and leading zeros beyond the data received; what a body may carry of them
    // is bounded

    ChunkHeadReader(Direction direction, int maxExtensionOctets) {
        this.direction = direction;
        this.maxExtensionOctets = maxExtensionOctets;
    }

    /** Begins with another body. */
    void reset() {
        surplus = 0;
        next();
    }

    /** Begins with another chunk. */
    void next() {
        state = State.SIZE;
        size = 0;
        digits = 0;
    }

    /** Returns the size of the chunk whose line was read. */
    long size() {
        return size;
    }

    /** Reads on; returns whether the line is complete. */
    boolean read(ByteBuf in) throws ProxyException {
        while (in.isReadable()) {
            byte octet = in.readByte();
            if (state == State.LINE_FEED) {
                if (octet != Octets.LF) {
                    throw malformed(octet);
                }
                surplus = Math.max(0, surplus - size);
                return true;
            }
            state = state == State.SIZE ? ofSize(octet) : ofExtension(octet);
        }
        return false;
    }

    private State ofSize(byte octet) throws ProxyException {
        int value = Octets.hexValue(octet);
        if (value >= 0) {
            if (digits > 0 && size == 0) {
                countSurplus();
            }
            size = size << 4 | value;
            digits++;
            if (size >>> (4 * MAX_DIGITS) != 0) {
                throw direction.malformed("chunk size: more than " + MAX_DIGITS + " hexadecimal digits");
            }
            return State.SIZE;
        }
        if (digits == 0) {
            throw malformed(octet);
        }
        if (octet == Octets.CR) {
            return State.LINE_FEED;
        }
        countSurplus();
        return ofExtensionEnd(octet);
    }

    private State ofExtension(byte octet) throws ProxyException {
        if (octet != Octets.CR) {
            countSurplus();
        }
        return switch (state) {
            case BEFORE_NAME -> Octets.isBlank(octet) ? State.BEFORE_NAME : token(octet, State.NAME);
            case NAME -> Octets.isToken(octet) ? State.NAME : ofNameEnd(octet);
            case AFTER_NAME -> ofNameBlank(octet);
            case BEFORE_VALUE -> ofValueStart(octet);
            case VALUE -> Octets.isToken(octet) ? State.VALUE : ofValueEnd(octet);
            case QUOTED -> ofQuoted(octet);
            case ESCAPED -> quotable(octet);
            case AFTER_QUOTED -> ofValueEnd(octet);
            default -> ofExtensionEnd(octet);
        };
    }

    private State ofNameEnd(byte octet) throws ProxyException {
        return octet == Octets.CR ? State.LINE_FEED : ofNameBlank(octet);
    }

    private State ofNameBlank(byte octet) throws ProxyException {
        if (octet == '=') {
            return State.BEFORE_VALUE;
        }
        return Octets.isBlank(octet) ? State.AFTER_NAME : ofExtensionEnd(octet);
    }

    private State ofValueStart(byte octet) throws ProxyException {
        if (octet == '"') {
            return State.QUOTED;
        }
        return Octets.isBlank(octet) ? State.BEFORE_VALUE : token(octet, State.VALUE);
    }

    private State ofValueEnd(byte octet) throws ProxyException {
        return octet == Octets.CR ? State.LINE_FEED : ofExtensionEnd(octet);
    }

    private State ofQuoted(byte octet) throws ProxyException {
        if (octet == '"') {
            return State.AFTER_QUOTED;
        }
        return octet == '\\' ? State.ESCAPED : quotable(octet);
    }

    /** After a value or the size: another extension, or white space before it. */
    private State ofExtensionEnd(byte octet) throws ProxyException {
        if (octet == ';') {
            return State.BEFORE_NAME;
        }
        if (Octets.isBlank(octet)) {
            return State.BEFORE_SEMICOLON;
        }
        throw malformed(octet);
    }

    private State token(byte octet, State next) throws ProxyException {
        if (!Octets.isToken(octet)) {
            throw malformed(octet);
        }
        return next;
    }

    private State quotable(byte octet) throws ProxyException {
        if ((octet >= 0 && octet < Octets.SP && octet != Octets.HTAB) || octet == 0x7f) {
            throw malformed(octet);
        }
        return State.QUOTED;
    }

    private void countSurplus() throws ProxyException {
        if (++surplus > maxExtensionOctets) {
            throw direction.malformed(
                    "chunk extensions: more than " + maxExtensionOctets + " octets beyond the data (the limit)");
        }
    }

    private ProxyException malformed(byte octet) {
        return direction.malformed(
                "chunk head: holds " + Octets.name(octet) + " where it cannot stand (RFC 9112 §7.1)");
    }
}
