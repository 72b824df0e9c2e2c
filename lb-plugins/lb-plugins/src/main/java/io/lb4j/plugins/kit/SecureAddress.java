package io.lb4j.plugins.kit;

import io.lb4j.config.OptionTypes;
import io.lb4j.config.ScalarType;
import java.net.URI;
import java.util.Set;

/** Addresses that nobody on the way can answer for: of https, or of http on this machine. */
public final class SecureAddress {
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    private SecureAddress() {}

    /**
     * Returns the type of an option with such an address; credentials in it are refused.
     *
     * @param expected says what it looks like
     */
    public static ScalarType<URI> type(String expected) {
        return OptionTypes.text(URI.class, expected, text -> require(text, expected), URI::toString);
    }

    /** Returns whether an address is one: of https, or of http on this machine, without credentials. */
    public static boolean isSafe(URI address) {
        String host = address.getHost();
        return host != null
                && address.getUserInfo() == null
                && ("https".equals(address.getScheme()) || ("http".equals(address.getScheme()) && isThisMachine(host)));
    }

    /** Returns whether a host, as addresses have it, is this machine: {@code localhost}, {@code 127.0.0.1} or {@code [::1]}. */
    public static boolean isThisMachine(String host) {
        return LOCAL.contains(host);
    }

    private static URI require(String text, String expected) {
        try {
            URI uri = URI.create(text);
            if (isSafe(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expected, e);
        }
        throw new IllegalArgumentException(expected);
    }
}
