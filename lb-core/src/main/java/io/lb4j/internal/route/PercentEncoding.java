package io.lb4j.internal.route;

/** Percent-encoding of what cannot stand in a URI reference (RFC 3986 §2.1). */
final class PercentEncoding {
    private static final String HEX = "0123456789ABCDEF";

    private PercentEncoding() {}

    /** Appends an octet, encoded in upper case. */
    static void append(int octet, StringBuilder text) {
        text.append('%').append(HEX.charAt(octet >> 4 & 0xf)).append(HEX.charAt(octet & 0xf));
    }

    /** Returns a text of characters up to U+00FF with all but visible ASCII encoded, and with those encoded that delimit a URI in text. */
    static String encodeForeign(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
                append(c, encoded);
            } else {
                encoded.append(c);
            }
        }
        return encoded.toString();
    }
}
