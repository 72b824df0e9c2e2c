package io.lb4j.internal.route;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.model.HostPattern;

/** The host in an authority, {@code host:port} or {@code [address]:port} (RFC 3986 §3.2.2). */
final class Authority {
    private static final int MAX_PORT = 65_535;

    private Authority() {}

    /** Returns where the host ends, brackets included, without a port and without the dot that makes a name absolute. */
    static int hostEnd(String authority) {
        if (isAddress(authority)) {
            return authority.indexOf(']') + 1;
        }
        int colon = authority.indexOf(':');
        int end = colon < 0 ? authority.length() : colon;
        return end > 1 && authority.charAt(end - 1) == '.' ? end - 1 : end;
    }

    /**
     * Returns the port.
     *
     * @param absent what there is if none is named
     * @throws ProxyException {@link Kind#MALFORMED_REQUEST} if it is not a number from 1 to 65535
     */
    static int port(String authority, int absent) throws ProxyException {
        int colon = authority.indexOf(':', isAddress(authority) ? authority.indexOf(']') : 0);
        if (colon < 0 || colon == authority.length() - 1) {
            return absent;
        }
        String digits = authority.substring(colon + 1);
        int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > MAX_PORT) {
            throw new ProxyException(Kind.MALFORMED_REQUEST, "port of the request: not a port (expected: 1..65535)");
        }
        return port;
    }

    /** Returns whether the host is an IPv6 address in brackets. */
    static boolean isAddress(String authority) {
        return authority.startsWith("[") && authority.indexOf(']') > 0;
    }

    /** Returns an IPv6 address as patterns have it; what is none as it stands. */
    static String canonicalAddress(String authority, int end) {
        String address = authority.substring(0, end);
        try {
            return HostPattern.canonicalAddress(address);
        } catch (IllegalArgumentException e) {
            // No address: no pattern will be equal to it.
            return address;
        }
    }
}
