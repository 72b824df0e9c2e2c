package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Reads a section of fields, with the line before it where there is one, from octets that come in any pieces (RFC 9112 §2.2, §5).
 * What comes is copied into an array in steps and judged there in one pass: an octet is looked at twice only where a line was not
 * whole, and a third time never. The verdict does not depend on how the octets were cut.
 *
 * <p>Confined to its connection's event loop. Of no use after it has thrown.
 */
abstract sealed class HeadReader permits RequestReader, ResponseReader, TrailerReader {
    private static final byte[] NO_OCTETS = new byte[0];
    private static final int INITIAL_OCTETS = 1024;
    private static final int KEPT_OCTETS = 4096;
    private static final int STEP = 2048; // what follows the head in a step is copied in vain
    private static final int INCOMPLETE = -1;

    private final Direction direction;
    private final Http1Limits.Head limits;
    private final boolean hasLine;
    private byte[] octets = NO_OCTETS; // until the first come: most connections never see a trailer
    private int limit; // how many octets are there
    private int position; // where the line begins that is to be read next
    private int searched; // before this one there is no line end at or after the position
    private int sectionStart;
    private boolean inFields;

    /**
     * For subclasses.
     *
     * @param hasLine whether there is a line before the fields
     */
    HeadReader(Direction direction, Http1Limits.Head limits, boolean hasLine) {
        this.direction = direction;
        this.limits = limits;
        this.hasLine = hasLine;
        inFields = !hasLine;
    }

    /** Returns where fields go. */
    abstract Fields fields();

    /**
     * Skips what may stand before the start line.
     *
     * @return where the line begins, or less than {@code from} if that cannot be told yet
     * @throws ProxyException if a line cannot begin so
     */
    abstract int lineStart(byte[] source, int from, int to) throws ProxyException;

    /** Reads the start line, which stands in {@code start..end} without its line end. */
    abstract void readLine(byte[] source, int start, int end) throws ProxyException;

    /** Judges the whole. */
    abstract void complete() throws ProxyException;

    /**
     * Reads on.
     *
     * @param in is read up to the end of the section, or wholly
     * @return whether the section is complete
     * @throws ProxyException if it is malformed or too large
     */
    final boolean read(ByteBuf in) throws ProxyException {
        while (in.isReadable()) {
            append(in);
            if (parse()) {
                in.readerIndex(in.readerIndex() - (limit - position));
                rewind();
                complete();
                return true;
            }
        }
        return false;
    }

    /** Returns whether a part of a section has been read. */
    final boolean hasBegun() {
        return limit > position || inFields == hasLine;
    }

    final ProxyException malformed(String message) {
        return direction.malformed(message);
    }

    private void append(ByteBuf in) {
        int length = Math.min(in.readableBytes(), STEP);
        if (limit + length > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(Math.max(octets.length * 2, INITIAL_OCTETS), limit + length));
        }
        in.readBytes(octets, limit, length);
        limit += length;
    }

    private void rewind() {
        limit = 0;
        position = 0;
        searched = 0;
        sectionStart = 0;
        inFields = !hasLine;
        if (octets.length > KEPT_OCTETS) {
            octets = NO_OCTETS;
        }
    }

    private boolean parse() throws ProxyException {
        return (inFields || parseLine()) && parseFields();
    }

    private boolean parseLine() throws ProxyException {
        if (searched == position) {
            int start = lineStart(octets, position, limit);
            if (start < position) {
                return false;
            }
            position = start;
            searched = start;
        }
        int bound = position + limits.maxLine() + 2;
        int end = Math.min(limit, bound);
        int lineFeed = Octets.lineFeedAt(octets, searched, end);
        if (lineFeed == end) {
            if (end == bound) {
                throw direction.startLineTooLong(limits.maxLine());
            }
            searched = end;
            return false;
        }
        if (lineFeed == position || octets[lineFeed - 1] != Octets.CR) {
            throw malformed("start line: ends with a bare LF (expected: CRLF)");
        }
        readLine(octets, position, lineFeed - 1);
        position = lineFeed + 1;
        searched = position;
        sectionStart = position;
        inFields = true;
        return true;
    }

    private boolean parseFields() throws ProxyException {
        int bound = sectionStart + limits.maxFieldOctets() + 2;
        int end = Math.min(limit, bound);
        while (true) {
            int next = INCOMPLETE;
            // A line that was incomplete is read again once its end has come, or never will within the bound.
            if (searched == position || end == bound || Octets.lineFeedAt(octets, searched, end) < end) {
                next = parseField(position, end);
            }
            if (next == INCOMPLETE) {
                if (end == bound) {
                    throw tooManyOctets();
                }
                searched = end;
                return false;
            }
            boolean isLast = next == position + 2;
            position = next;
            searched = next;
            if (isLast) {
                return true;
            }
            if (next > bound - 2) {
                throw tooManyOctets();
            }
        }
    }

    private ProxyException tooManyOctets() {
        return direction.fieldsTooLarge("field section: more than " + limits.maxFieldOctets() + " octets (the limit)");
    }

    /** Reads a field, or the empty line that ends them; returns where the next line begins. */
    private int parseField(int start, int end) throws ProxyException {
        byte[] source = octets;
        int i = start;
        byte lower;
        while (i < end && (lower = Octets.lowerToken(source[i])) != 0) {
            source[i++] = lower;
        }
        if (i == end) {
            return INCOMPLETE;
        }
        if (i == start || source[i] != ':') {
            return parseEmptyLine(start, i, end);
        }
        int nameEnd = i++;
        while (i < end && Octets.isBlank(source[i])) {
            i++;
        }
        int valueStart = i;
        i = Octets.valueEnd(source, i, end);
        if (i == end || (i + 1 == end && source[i] == Octets.CR)) {
            return INCOMPLETE;
        }
        if (source[i] != Octets.CR || source[i + 1] != Octets.LF) {
            throw malformed("value of " + Octets.quote(source, start, nameEnd) + ": holds " + Octets.name(source[i])
                    + " (expected: no control character, CRLF at the end)");
        }
        int valueEnd = i;
        while (valueEnd > valueStart && Octets.isBlank(source[valueEnd - 1])) {
            valueEnd--;
        }
        Fields target = fields();
        if (target.size() == limits.maxFields()) {
            throw direction.fieldsTooLarge("fields: more than " + limits.maxFields() + " (the limit)");
        }
        target.addValidated(source, start, nameEnd - start, valueStart, valueEnd - valueStart, false);
        return i + 2;
    }

    /** Reads the empty line, or says what is wrong with a name that ends at a position. */
    private int parseEmptyLine(int start, int at, int end) throws ProxyException {
        byte octet = octets[at];
        if (at == start && octet == Octets.CR) {
            if (at + 1 == end) {
                return INCOMPLETE;
            }
            if (octets[at + 1] == Octets.LF) {
                return at + 2;
            }
        }
        if (at == start && Octets.isBlank(octet)) {
            // RFC 9112 §5.2: a continuation line means something else to a parser that does not unfold it.
            throw malformed("field line: begins with white space (expected: a name)");
        }
        if (at == start && octet == ':') {
            throw malformed("field name: \"\" (expected: a token)");
        }
        throw malformed("field name: " + Octets.quote(octets, start, at) + " followed by " + Octets.name(octet)
                + " (expected: a token and a colon)");
    }
}
