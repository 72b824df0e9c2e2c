package io.lb4j.internal.x509;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes the few types of ASN.1 that keys and certificates consist of, in DER (ITU-T X.690). Each method returns one whole element. */
final class Der {
    static final int BOOLEAN = 0x01;
    static final int INTEGER = 0x02;
    static final int BIT_STRING = 0x03;
    static final int OCTET_STRING = 0x04;
    static final int NULL = 0x05;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int UTF8_STRING = 0x0c;
    static final int UTC_TIME = 0x17;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;
    private static final int FIRST_YEAR_OF_GENERALIZED_TIME = 2050;
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] sequence(byte[]... elements) {
        return element(SEQUENCE, elements);
    }

    static byte[] set(byte[]... elements) {
        return element(SET, elements);
    }

    static byte[] integer(BigInteger value) {
        return element(INTEGER, value.toByteArray());
    }

    static byte[] integer(int value) {
        return integer(BigInteger.valueOf(value));
    }

    static byte[] isTrue() {
        return element(BOOLEAN, new byte[] {(byte) 0xff});
    }

    static byte[] octetString(byte[] content) {
        return element(OCTET_STRING, content);
    }

    static byte[] utf8(String text) {
        return element(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] nothing() {
        return element(NULL);
    }

    /** A bit string of which the last bits of the last octet do not count. */
    static byte[] bitString(int unusedBits, byte[] content) {
        return element(BIT_STRING, new byte[] {(byte) unusedBits}, content);
    }

    /** An element with a tag that its context gives a meaning to; its content is made of octets, not of elements. */
    static byte[] primitive(int tag, byte[] content) {
        return element(CONTEXT | tag, content);
    }

    /** An element with a tag that its context gives a meaning to, around another element. */
    static byte[] explicit(int tag, byte[] content) {
        return element(CONTEXT | CONSTRUCTED | tag, content);
    }

    /** An object identifier in dotted decimals. */
    static byte[] identifier(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            writeBase128(content, Integer.parseInt(arcs[i]));
        }
        return element(OBJECT_IDENTIFIER, content.toByteArray());
    }

    /** A time, to the second, in the type that RFC 5280 §4.1.2.5 demands for its year. */
    static byte[] time(Instant instant) {
        boolean isLate = instant.atOffset(ZoneOffset.UTC).getYear() >= FIRST_YEAR_OF_GENERALIZED_TIME;
        String text = (isLate ? GENERALIZED : UTC).format(instant);
        return element(isLate ? GENERALIZED_TIME : UTC_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] element(int tag, byte[]... contents) {
        int length = 0;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        writeLength(out, length);
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length < 0x80) {
            out.write(length);
            return;
        }
        byte[] octets = BigInteger.valueOf(length).toByteArray();
        int skipped = octets[0] == 0 ? 1 : 0; // the octet for the sign
        out.write(0x80 | (octets.length - skipped));
        out.write(octets, skipped, octets.length - skipped);
    }

    private static void writeBase128(ByteArrayOutputStream out, int value) {
        for (int shift = 28; shift > 0; shift -= 7) {
            if (value >>> shift != 0) {
                out.write(0x80 | ((value >>> shift) & 0x7f));
            }
        }
        out.write(value & 0x7f);
    }
}
