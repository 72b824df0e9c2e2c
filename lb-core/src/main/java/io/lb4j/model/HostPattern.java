package io.lb4j.model;

import io.netty.util.NetUtil;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a route serves: one name or address, or all names below a domain. Immutable.
 *
 * <p>Written {@code api.example.com}, {@code 192.0.2.1}, {@code [2001:db8::1]} or {@code *.example.com}; the last one matches names with
 * one or more labels before {@code .example.com}, and not {@code example.com} itself. Without regard to case, and without a port.
 */
public final class HostPattern {
    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL = 63;

    private final boolean wildcard;
    private final String name;

    private HostPattern(boolean wildcard, String name) {
        this.wildcard = wildcard;
        this.name = name;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none; the message says what was expected
     */
    public static HostPattern of(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("[") && lower.endsWith("]")) {
            return new HostPattern(false, canonicalAddress(lower));
        }
        boolean wildcard = lower.startsWith("*.");
        String name = wildcard ? lower.substring(2) : lower;
        requireName(name);
        return new HostPattern(wildcard, name);
    }

    /**
     * Returns an IPv6 address in the form that is the same for all ways to write it (RFC 5952).
     *
     * @param bracketed the address in brackets
     * @throws IllegalArgumentException if it is none
     */
    public static String canonicalAddress(String bracketed) {
        String inner = bracketed.substring(1, bracketed.length() - 1);
        byte @Nullable [] address = inner.indexOf(':') < 0 ? null : NetUtil.createByteArrayFromIpAddressString(inner);
        if (address == null) {
            throw new IllegalArgumentException("an IPv6 address in brackets");
        }
        return "[" + NetUtil.bytesToIpAddress(address) + "]";
    }

    private static void requireName(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a host name of 1 to " + MAX_LENGTH + " characters, without a port");
        }
        for (String label : name.split("\\.", -1)) {
            if (label.length() > MAX_LABEL || !label.matches("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?")) {
                throw new IllegalArgumentException(
                        "a host name such as api.example.com or *.example.com, in ASCII, without a port");
            }
        }
    }

    /** Returns whether all names below {@link #name()} are meant. */
    public boolean isWildcard() {
        return wildcard;
    }

    /** Returns the name or address in lower case, without the {@code *.} of a wildcard; an IPv6 address in brackets. */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostPattern pattern && pattern.wildcard == wildcard && pattern.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return wildcard ? "*." + name : name;
    }
}
