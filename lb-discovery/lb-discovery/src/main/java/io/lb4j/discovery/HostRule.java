package io.lb4j.discovery;

import io.lb4j.model.Endpoint;
import io.netty.util.NetUtil;

/** What the host of an entry may look like: core takes any text, and finds out no sooner than when it resolves it, or connects. */
final class HostRule {
    private static final int LONGEST_NAME = 253; // RFC 1035 §2.3.4, without the dot at the end
    private static final int LONGEST_LABEL = 63;

    private HostRule() {}

    /** Returns a host as endpoints have it: an address of IPv6 may stand in brackets, as in URLs. */
    static String withoutBrackets(String host) {
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        return isBracketed ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * Returns an endpoint.
     *
     * @throws IllegalArgumentException if its host can be neither an address nor a name
     */
    static Endpoint require(Endpoint endpoint) {
        String host = endpoint.host();
        if (NetUtil.isValidIpV4Address(host) || isIpv6(host) || isName(host)) {
            return endpoint;
        }
        throw new IllegalArgumentException("host: \"" + host + "\" (expected: a name or an address)");
    }

    /** A zone means something on one machine alone. */
    private static boolean isIpv6(String host) {
        return host.indexOf(':') >= 0
                && host.indexOf('%') < 0
                && host.charAt(0) != '['
                && NetUtil.isValidIpV6Address(host);
    }

    private static boolean isName(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        if (name.isEmpty() || name.length() > LONGEST_NAME || isLikeAnAddress(name)) {
            return false;
        }
        for (String label : name.split("\\.", -1)) {
            boolean isGood = !label.isEmpty()
                    && label.length() <= LONGEST_LABEL
                    && label.codePoints().allMatch(HostRule::isPartOfLabel);
            if (!isGood) {
                return false;
            }
        }
        return true;
    }

    /** Letters of other alphabets too, which the resolver encodes; and what is common though no host's name by the letter. */
    private static boolean isPartOfLabel(int character) {
        return Character.isLetterOrDigit(character)
                || Character.getType(character) == Character.NON_SPACING_MARK
                || character == '-'
                || character == '_';
    }

    /** Four numbers of which one is too large are no name. */
    private static boolean isLikeAnAddress(String name) {
        return name.indexOf('.') >= 0
                && name.chars().allMatch(character -> character == '.' || (character >= '0' && character <= '9'));
    }
}
