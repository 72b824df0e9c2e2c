package io.lb4j.internal.codec.http2;

import java.nio.charset.StandardCharsets;

/** Numbers and text in arrays of octets. */
final class Octets {
    private static final int LONGEST_QUOTE = 64;

    private Octets() {}

    static int int16(byte[] octets, int start) {
        return (octets[start] & 0xff) << 8 | (octets[start + 1] & 0xff);
    }

    static int int32(byte[] octets, int start) {
        return int16(octets, start) << 16 | int16(octets, start + 2);
    }

    static long int64(byte[] octets, int start) {
        return (long) int32(octets, start) << 32 | (int32(octets, start + 4) & 0xffff_ffffL);
    }

    static String text(byte[] octets, int start, int length) {
        return new String(octets, start, length, StandardCharsets.ISO_8859_1);
    }

    static boolean equal(byte[] octets, int start, int length, String expected) {
        if (length != expected.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if ((octets[start + i] & 0xff) != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Compares ASCII letters without regard to case. */
    static boolean equalIgnoringCase(byte[] octets, int start, int length, String expected) {
        if (length != expected.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (lower(octets[start + i] & 0xff) != lower(expected.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the value of a whole number in decimal digits, or -1 if it is not one or has more than 18 digits.
     *
     * <p>RFC 9110 §8.6: digits alone; a list of equal values is not accepted.
     */
    static long decimal(byte[] octets, int start, int length) {
        if (length == 0 || length > 18) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < start + length; i++) {
            int digit = octets[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** Returns text fit for a message: in quotation marks, control characters escaped, cut at 64 characters. */
    static String quote(byte[] octets, int start, int length) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < Math.min(length, LONGEST_QUOTE); i++) {
            int octet = octets[start + i] & 0xff;
            if (octet < ' ' || octet >= 0x7f) {
                quoted.append(String.format("\\u%04x", octet));
            } else {
                quoted.append((char) octet);
            }
        }
        return quoted.append(length > LONGEST_QUOTE ? "…\"" : "\"").toString();
    }

    private static int lower(int character) {
        return character >= 'A' && character <= 'Z' ? character + ('a' - 'A') : character;
    }
}
