package io.lb4j.http3;

import io.lb4j.http.Fields;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/**
 * One field as octets, side by side, to be judged and handed on (RFC 9114 §4.2). Used again for each field of a connection; confined to its
 * event loop.
 */
final class FieldOctets {
    private static final boolean[] TOKEN = new boolean[128];
    private static final int INITIAL = 512;
    private static final int LARGE = 16_384;

    static {
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private byte[] octets = new byte[INITIAL];
    private int nameLength;
    private int valueLength;

    /** Takes a field. */
    void take(CharSequence name, CharSequence value) {
        nameLength = name.length();
        valueLength = value.length();
        int length = nameLength + valueLength;
        if (length > octets.length || octets.length > LARGE) {
            octets = new byte[Math.max(length, INITIAL)];
        }
        copy(name, 0);
        copy(value, nameLength);
    }

    private void copy(CharSequence text, int at) {
        if (text instanceof AsciiString ascii) {
            System.arraycopy(ascii.array(), ascii.arrayOffset(), octets, at, ascii.length());
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            octets[at + i] = (byte) text.charAt(i);
        }
    }

    /** Returns whether the name is a token in lower case. */
    boolean isNameValid() {
        for (int i = 0; i < nameLength; i++) {
            if (octets[i] < 0 || !TOKEN[octets[i]]) {
                return false;
            }
        }
        return nameLength > 0;
    }

    /** Returns whether the value has neither a control character nor white space around it. */
    boolean isValueValid() {
        int end = nameLength + valueLength;
        for (int i = nameLength; i < end; i++) {
            int octet = octets[i] & 0xff;
            if ((octet < ' ' && octet != '\t') || octet == 0x7f) {
                return false;
            }
        }
        return valueLength == 0 || !(isBlank(octets[nameLength]) || isBlank(octets[end - 1]));
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    boolean hasName(String expected) {
        if (expected.length() != nameLength) {
            return false;
        }
        for (int i = 0; i < nameLength; i++) {
            if (octets[i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the name begins with the sign of a pseudo-header field. */
    boolean isPseudo() {
        return nameLength > 0 && octets[0] == ':';
    }

    String name() {
        return new String(octets, 0, nameLength, StandardCharsets.ISO_8859_1);
    }

    String value() {
        return new String(octets, nameLength, valueLength, StandardCharsets.ISO_8859_1);
    }

    /** Returns the name between quotation marks, fit for a message. */
    String quotedName() {
        return quoted(name());
    }

    /** Returns the value between quotation marks, fit for a message. */
    String quotedValue() {
        return quoted(value());
    }

    private static String quoted(String text) {
        String cut = text.length() > 64 ? text.substring(0, 64) + "…" : text;
        return '"' + cut.replaceAll("[^ -~…]", "?") + '"';
    }

    /** Returns the value as a number that is not negative, or -1 if it is none. */
    long decimal() {
        if (valueLength == 0 || valueLength > 18) {
            return -1;
        }
        long number = 0;
        for (int i = nameLength; i < nameLength + valueLength; i++) {
            if (octets[i] < '0' || octets[i] > '9') {
                return -1;
            }
            number = number * 10 + octets[i] - '0';
        }
        return number;
    }

    /** Appends the field, which was found valid. */
    void addTo(Fields fields) {
        fields.addValidated(octets, 0, nameLength, nameLength, valueLength, false);
    }
}
