package io.lb4j.internal.codec.hpack;

/**
 * What a decoder finds out about a field, as bits of an {@code int}: what its name means to HTTP/2 and whether name and value
 * are valid. Entries of the tables keep their facts, so that a repeated field is judged once.
 */
public final class FieldFacts {
    /** Selects the kind of name. */
    public static final int KIND_MASK = 0x1f;
    /** A name without a meaning of its own here. */
    public static final int PLAIN = 0;
    /** {@code :method}. */
    public static final int METHOD = 1;
    /** {@code :scheme}. */
    public static final int SCHEME = 2;
    /** {@code :authority}. */
    public static final int AUTHORITY = 3;
    /** {@code :path}. */
    public static final int PATH = 4;
    /** {@code :status}. */
    public static final int STATUS = 5;
    /** {@code :protocol} (RFC 8441). */
    public static final int PROTOCOL = 6;
    /** A name with a colon in front that no specification we follow knows. */
    public static final int UNKNOWN_PSEUDO = 7;
    /** A field that belongs to a connection of HTTP/1.1 (RFC 9113 §8.2.2). */
    public static final int CONNECTION_SPECIFIC = 8;
    /** {@code te}. */
    public static final int TE = 9;
    /** {@code content-length}. */
    public static final int CONTENT_LENGTH = 10;
    /** {@code host}. */
    public static final int HOST = 11;
    /** {@code cookie}. */
    public static final int COOKIE = 12;

    /** The name is empty, or not a token in lower case (RFC 9113 §8.2.1). */
    public static final int INVALID_NAME = 0x20;
    /** The value holds a control character, or white space around it (RFC 9113 §8.2.1). */
    public static final int INVALID_VALUE = 0x40;
    /** The field must never enter a compression table (RFC 7541 §6.2.3). */
    public static final int SENSITIVE = 0x80;

    private static final boolean[] NAME_OCTET = new boolean[256];

    static {
        for (char c = '0'; c <= '9'; c++) {
            NAME_OCTET[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            NAME_OCTET[c] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            NAME_OCTET[c] = true;
        }
    }

    private FieldFacts() {}

    /** Returns whether the kind is one of the pseudo-header fields. */
    public static boolean isPseudo(int kind) {
        return kind >= METHOD && kind <= UNKNOWN_PSEUDO;
    }

    /** Judges a name. */
    static int ofName(byte[] octets, int start, int length) {
        int known = KnownNames.find(octets, start, length);
        if (known >= 0) {
            return KnownNames.kind(known);
        }
        if (length == 0) {
            return INVALID_NAME;
        }
        if (octets[start] == ':') {
            return UNKNOWN_PSEUDO;
        }
        for (int i = start; i < start + length; i++) {
            if (!NAME_OCTET[octets[i] & 0xff]) {
                return INVALID_NAME;
            }
        }
        return PLAIN;
    }

    /** Judges a value. */
    static int ofValue(byte[] octets, int start, int length) {
        if (length == 0) {
            return 0;
        }
        int end = start + length;
        if (isBlank(octets[start]) || isBlank(octets[end - 1])) {
            return INVALID_VALUE;
        }
        int at = start;
        // Eight octets at a time; a tab, which is allowed, stops this loop as a control character does.
        while (end - at >= Long.BYTES && !Words.hasControl(octets, at)) {
            at += Long.BYTES;
        }
        for (; at < end; at++) {
            int octet = octets[at] & 0xff;
            if ((octet < ' ' && octet != '\t') || octet == 0x7f) {
                return INVALID_VALUE;
            }
        }
        return 0;
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }
}
