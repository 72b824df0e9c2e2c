package io.lb4j.internal.codec.http1;

import io.lb4j.error.ProxyException;
import io.netty.util.NetUtil;

/** The syntax of a host with an optional port (RFC 9110 §4.2, RFC 3986 §3.2), without user information. */
final class Authority {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_DIGITS = 5;

    /** What may stand in a name: unreserved and sub-delims of RFC 3986 but the comma, which would make it a list. */
    private static final String PUNCTUATION = "-._~!$&'()*+;=%";

    private Authority() {}

    /**
     * Refuses what is not a host with an optional port.
     *
     * @param what the part of the message that it was read from
     */
    static void require(String what, String authority) throws ProxyException {
        int hostEnd = authority.startsWith("[") ? literalEnd(authority) : nameEnd(authority);
        if (hostEnd <= 0 || !isPort(authority, hostEnd)) {
            throw Direction.REQUEST.malformed(what + ": " + Octets.quote(authority)
                    + " (expected: a host, with or without a port from 1 to 65535)");
        }
    }

    /** Returns whether the port is given, of an authority that is valid. */
    static boolean hasPort(String authority) {
        return authority.lastIndexOf(':') > authority.lastIndexOf(']');
    }

    /** Returns the position after the closing bracket of an IPv6 address, or -1. */
    private static int literalEnd(String authority) {
        int close = authority.indexOf(']');
        boolean isValid =
                close > 0 && authority.indexOf('%') < 0 && NetUtil.isValidIpV6Address(authority.substring(1, close));
        return isValid ? close + 1 : -1;
    }

    private static int nameEnd(String authority) {
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c == ':') {
                return i;
            }
            boolean isValid = isAlphanumeric(c) || PUNCTUATION.indexOf(c) >= 0;
            if (!isValid) {
                return -1;
            }
        }
        return authority.length();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Returns whether nothing follows the host, or a colon and a port. */
    private static boolean isPort(String authority, int hostEnd) {
        int digits = authority.length() - hostEnd - 1;
        if (digits < 0) {
            return true;
        }
        if (authority.charAt(hostEnd) != ':' || digits == 0 || digits > MAX_PORT_DIGITS) {
            return false;
        }
        int port = 0;
        for (int i = hostEnd + 1; i < authority.length(); i++) {
            char c = authority.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + (c - '0');
        }
        return port > 0 && port <= MAX_PORT;
    }
}
