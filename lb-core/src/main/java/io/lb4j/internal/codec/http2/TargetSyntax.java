package io.lb4j.internal.codec.http2;

/** What may stand in {@code :path} and {@code :authority} (RFC 9113 §8.3.1), by tables of octets. */
final class TargetSyntax {
    private static final boolean[] HOST_OCTET = new boolean[256];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            HOST_OCTET[c] = true;
            HOST_OCTET[c - 'a' + 'A'] = true;
        }
        for (char c = '0'; c <= '9'; c++) {
            HOST_OCTET[c] = true;
        }
        // RFC 3986 §3.2.2: unreserved, sub-delims and the percent sign of encoded octets
        for (char c : "-._~!$&'()*+,;=%".toCharArray()) {
            HOST_OCTET[c] = true;
        }
    }

    private TargetSyntax() {}

    /** Returns whether some octets are a path with or without a query, or an asterisk. */
    static boolean isTarget(byte[] octets, int start, int length) {
        if (length == 0 || (octets[start] != '/' && !(length == 1 && octets[start] == '*'))) {
            return false;
        }
        for (int i = start; i < start + length; i++) {
            int octet = octets[i] & 0xff;
            if (octet <= ' ' || octet == 0x7f || octet == '#') {
                return false;
            }
        }
        return true;
    }

    /** Returns whether some octets are a host with or without a port; a user name is not accepted (RFC 9113 §8.3.1). */
    static boolean isAuthority(byte[] octets, int start, int length) {
        int end = start + length;
        int at = start;
        if (length > 0 && octets[at] == '[') {
            at = endOfAddress(octets, at + 1, end);
            if (at < 0) {
                return false;
            }
        } else {
            while (at < end && HOST_OCTET[octets[at] & 0xff]) {
                at++;
            }
        }
        return at > start && isPort(octets, at, end);
    }

    /** Returns the place behind the bracket that closes an IP literal, or -1. */
    private static int endOfAddress(byte[] octets, int start, int end) {
        for (int at = start; at < end; at++) {
            byte octet = octets[at];
            if (octet == ']') {
                return at > start ? at + 1 : -1;
            }
            if (octet != ':' && !HOST_OCTET[octet & 0xff]) {
                return -1;
            }
        }
        return -1;
    }

    /** Returns whether the rest is nothing, or a colon with up to five digits. */
    private static boolean isPort(byte[] octets, int start, int end) {
        if (start == end) {
            return true;
        }
        if (octets[start] != ':' || end - start > 6) {
            return false;
        }
        for (int at = start + 1; at < end; at++) {
            if (octets[at] < '0' || octets[at] > '9') {
                return false;
            }
        }
        return true;
    }
}
