package io.lb4j.internal.codec.http1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The classes of octets that a head is made of (RFC 9110 §5.5 and §5.6.2, RFC 9112 §3), and the loops that run over them. */
final class Octets {
    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte SP = ' ';
    static final byte HTAB = '\t';

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = EACH << 7;
    private static final int MESSAGE_LIMIT = 64;

    /** For each octet of a token the same in lower case, and 0 for every other octet. */
    private static final byte[] LOWER_TOKEN = new byte[256];

    /** For each octet that may stand in a target 1, and 0 for every other. */
    private static final byte[] TARGET = new byte[256];

    static {
        for (int c = '0'; c <= '9'; c++) {
            LOWER_TOKEN[c] = (byte) c;
        }
        for (int c = 'a'; c <= 'z'; c++) {
            LOWER_TOKEN[c] = (byte) c;
            LOWER_TOKEN[c - 'a' + 'A'] = (byte) c;
        }
        for (byte c : "!#$%&'*+-.^_`|~".getBytes(StandardCharsets.US_ASCII)) {
            LOWER_TOKEN[c] = c;
        }
        for (int c = 0x21; c < 0x7f; c++) {
            TARGET[c] = 1;
        }
        // RFC 9112 §3.2: a target has no fragment. Parsers differ on where the path ends when one is there.
        TARGET['#'] = 0;
    }

    private Octets() {}

    /** Returns the octet in lower case, or 0 if it cannot stand in a token. */
    static byte lowerToken(byte octet) {
        return LOWER_TOKEN[octet & 0xff];
    }

    static boolean isToken(byte octet) {
        return LOWER_TOKEN[octet & 0xff] != 0;
    }

    static boolean isBlank(byte octet) {
        return octet == SP || octet == HTAB;
    }

    static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    /** Returns the value of a hexadecimal digit, or -1. */
    static int hexValue(byte octet) {
        if (isDigit(octet)) {
            return octet - '0';
        }
        int lower = octet | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Returns the first position in {@code from..to} whose octet is not of a token, or {@code to}. */
    static int tokenEnd(byte[] octets, int from, int to) {
        int i = from;
        while (i < to && LOWER_TOKEN[octets[i] & 0xff] != 0) {
            i++;
        }
        return i;
    }

    /** Returns the first position in {@code from..to} whose octet cannot stand in a target, or {@code to}. */
    static int targetEnd(byte[] octets, int from, int to) {
        int i = from;
        while (i < to && TARGET[octets[i] & 0xff] != 0) {
            i++;
        }
        return i;
    }

    /**
     * Returns the first position in {@code from..to} whose octet cannot stand in a field value, that is a control character other
     * than tab, or {@code to}.
     */
    static int valueEnd(byte[] octets, int from, int to) {
        int i = from;
        while (i < to) {
            int stop = controlAt(octets, i, to);
            if (stop == to || octets[stop] != HTAB) {
                return stop;
            }
            i = stop + 1;
        }
        return to;
    }

    /** Returns the first position in {@code from..to} of an octet below 0x20 or of 0x7f, or {@code to}. Looks at eight at a time. */
    private static int controlAt(byte[] octets, int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long word = (long) LONGS.get(octets, i);
            long low = (word - EACH * 0x20) & ~word;
            long delete = word ^ (EACH * 0x7f);
            long found = (low | ((delete - EACH) & ~delete)) & HIGH;
            if (found != 0) {
                // A borrow can only make false marks above the lowest true one, and that is the one asked for.
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < to && (octets[i] >= SP ? octets[i] != 0x7f : octets[i] < 0)) {
            i++;
        }
        return i;
    }

    /** Returns the position of the first LF in {@code from..to}, or {@code to}. */
    static int lineFeedAt(byte[] octets, int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long word = (long) LONGS.get(octets, i) ^ (EACH * LF);
            long found = (word - EACH) & ~word & HIGH;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (i < to && octets[i] != LF) {
            i++;
        }
        return i;
    }

    /** Returns eight octets as one number, the first in its lowest bits. */
    static long eightAt(byte[] octets, int at) {
        return (long) LONGS.get(octets, at);
    }

    /** Returns the eight characters of a text as {@link #eightAt} reads them. */
    static long eight(String text) {
        return eightAt(text.getBytes(StandardCharsets.US_ASCII), 0);
    }

    /** Returns whether {@code start..end} holds exactly this text. */
    static boolean equal(byte[] octets, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (octets[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns what stands in {@code start..end} between quotation marks, escaped and cut: fit for a message. */
    static String quote(byte[] octets, int start, int end) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = start; i < Math.min(end, start + MESSAGE_LIMIT); i++) {
            if (octets[i] < SP || octets[i] == 0x7f) {
                quoted.append(name(octets[i]));
            } else {
                quoted.append((char) octets[i]);
            }
        }
        return quoted.append(end - start > MESSAGE_LIMIT ? "…\"" : "\"").toString();
    }

    /** Returns a text of octets between quotation marks, escaped and cut: fit for a message. */
    static String quote(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return quote(octets, 0, octets.length);
    }

    /** Returns an octet in hexadecimal: {@code \x0a}. */
    static String name(byte octet) {
        return String.format("\\x%02x", octet & 0xff);
    }
}
