package io.lb4j.internal.codec.http1;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * Makes heads: gathers their octets in an array and copies them to the wire's buffer at once. There is one for each event loop,
 * which keeps the array in the processor's cache and the date line for a second.
 */
final class HeadWriter {
    private static final FastThreadLocal<HeadWriter> OF_THREAD = new FastThreadLocal<>() {
        @Override
        protected HeadWriter initialValue() {
            return new HeadWriter();
        }
    };

    private static final int INITIAL_OCTETS = 4096;
    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = ascii("host: ");
    private static final byte[] CRLF = ascii("\r\n");

    /** RFC 9110 §5.6.7, IMF-fixdate. */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("'date: 'EEE, dd MMM yyyy HH:mm:ss 'GMT\r\n'", Locale.ROOT);

    private static final FieldName[] CONNECTION_SPECIFIC = {
        FieldName.CONNECTION, FieldName.TRANSFER_ENCODING, FieldName.KEEP_ALIVE, FieldName.PROXY_CONNECTION,
    };

    private byte[] octets = new byte[INITIAL_OCTETS];
    private int used;
    private byte[] dateLine = new byte[0];
    private long dateSecond = Long.MIN_VALUE;

    private HeadWriter() {}

    /** Returns the one of this thread. */
    static HeadWriter ofThread() {
        return OF_THREAD.get();
    }

    /** Begins the head of a response. */
    void statusLine(int status) {
        used = 0;
        line(StatusLines.of(status));
    }

    /**
     * Begins the head of a request, with its Host field.
     *
     * @param target the target in the form that the method wants
     */
    void requestLine(RequestHead head, String target) {
        used = 0;
        String method = head.method().name();
        reserve(method.length() + target.length() + head.authority().length() + 32);
        text(method);
        octets[used++] = Octets.SP;
        text(target);
        line(VERSION);
        // RFC 9110 §7.2: Host first.
        line(HOST);
        text(head.authority());
        line(CRLF);
    }

    /** Adds a line that ends in CRLF. */
    void line(byte[] line) {
        reserve(line.length);
        System.arraycopy(line, 0, octets, used, line.length);
        used += line.length;
    }

    /** Adds a field. */
    void field(byte[] nameAndSeparator, String value) {
        line(nameAndSeparator);
        reserve(value.length());
        text(value);
        line(CRLF);
    }

    /** Adds the date of now. */
    void date() {
        long second = System.currentTimeMillis() / 1000;
        if (second != dateSecond) {
            dateSecond = second;
            dateLine = ascii(DATE.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC)));
        }
        line(dateLine);
    }

    /** Adds fields, all but those that speak of the connection: the codec says itself what is to be said of that. */
    void fields(Fields fields) {
        boolean hasOwn = false;
        for (FieldName name : CONNECTION_SPECIFIC) {
            hasOwn |= fields.contains(name);
        }
        for (int i = 0; i < fields.size(); i++) {
            if (!hasOwn || !isConnectionSpecific(fields, i)) {
                fieldAt(fields, i);
            }
        }
    }

    /** Adds fields, all but those that speak of the connection and those of one more name. */
    void fieldsWithout(FieldName name, Fields fields) {
        if (!fields.contains(name)) {
            fields(fields);
            return;
        }
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.isAt(i, name) && !isConnectionSpecific(fields, i)) {
                fieldAt(fields, i);
            }
        }
    }

    /** Adds the fields of a head that begins a tunnel: such a message has no framing (RFC 9110 §9.3.6, §15.2.2). */
    void tunnelFields(Fields fields) {
        for (int i = 0; i < fields.size(); i++) {
            if (!fields.isAt(i, FieldName.UPGRADE)
                    && !fields.isAt(i, FieldName.CONTENT_LENGTH)
                    && !isConnectionSpecific(fields, i)) {
                fieldAt(fields, i);
            }
        }
    }

    /** Begins a trailer section with these trailers, all but the forbidden. */
    void trailers(Fields trailers) {
        used = 0;
        for (int i = 0; i < trailers.size(); i++) {
            if (!TrailerReader.isForbidden(trailers, i)) {
                fieldAt(trailers, i);
            }
        }
    }

    /** Ends the section and hands it over. */
    void endTo(WireOutput output) {
        line(CRLF);
        ByteBuf room = output.room(used);
        room.writeBytes(octets, 0, used);
        if (octets.length > INITIAL_OCTETS * 4) {
            octets = new byte[INITIAL_OCTETS];
        }
    }

    private static boolean isConnectionSpecific(Fields fields, int index) {
        for (FieldName name : CONNECTION_SPECIFIC) {
            if (fields.isAt(index, name)) {
                return true;
            }
        }
        return false;
    }

    private void fieldAt(Fields fields, int index) {
        int nameLength = fields.nameLengthAt(index);
        int valueLength = fields.valueLengthAt(index);
        int length = nameLength + valueLength;
        reserve(length + 4);
        byte[] target = octets;
        int start = used;
        // Name and value come in one copy; the value then makes room for what stands between them.
        fields.copyFieldAt(index, target, start);
        System.arraycopy(target, start + nameLength, target, start + nameLength + 2, valueLength);
        target[start + nameLength] = ':';
        target[start + nameLength + 1] = Octets.SP;
        target[start + length + 2] = Octets.CR;
        target[start + length + 3] = Octets.LF;
        used = start + length + 4;
    }

    private void text(String text) {
        byte[] target = octets;
        int at = used;
        for (int i = 0; i < text.length(); i++) {
            target[at + i] = (byte) text.charAt(i);
        }
        used = at + text.length();
    }

    private void reserve(int length) {
        if (used + length > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(octets.length * 2, used + length));
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
