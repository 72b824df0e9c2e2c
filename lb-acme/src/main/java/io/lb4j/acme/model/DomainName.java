package io.lb4j.acme.model;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a certificate is for: a host name, a wildcard, or an IP address. Immutable.
 *
 * @param text in lower case and ASCII (RFC 5890), without a trailing dot; an IPv6 address without brackets
 */
public record DomainName(String text) {
    private static final String WILDCARD = "*.";
    private static final int MAX_LENGTH = 253; // RFC 1035 §2.3.4, as text
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /**
     * Takes a name as people write it: {@code Example.com}, {@code *.bücher.example}, {@code 192.0.2.1}.
     *
     * @throws IllegalArgumentException if it is no such name; the message says what would be one
     */
    public static DomainName of(String written) {
        String trimmed = written.strip();
        String bare =
                trimmed.startsWith("[") && trimmed.endsWith("]") ? trimmed.substring(1, trimmed.length() - 1) : trimmed;
        byte[] address = NetUtil.createByteArrayFromIpAddressString(bare);
        if (address != null) {
            return new DomainName(NetUtil.bytesToIpAddress(address));
        }
        String name = trimmed.endsWith(".") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
        String wildcard = name.startsWith(WILDCARD) ? WILDCARD : "";
        return new DomainName(wildcard + hostName(name.substring(wildcard.length())));
    }

    private static String hostName(String name) {
        String ascii;
        try {
            ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw notAName();
        }
        String[] labels = ascii.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw notAName();
            }
        }
        // A name whose last label is a number would be taken for an address (WHATWG URL §3.5).
        if (ascii.length() > MAX_LENGTH
                || DIGITS.matcher(labels[labels.length - 1]).matches()) {
            throw notAName();
        }
        return ascii;
    }

    private static IllegalArgumentException notAName() {
        return new IllegalArgumentException(
                "a host name such as api.example.com, a wildcard such as *.example.com, or an IP address");
    }

    /** Returns whether it stands for all names one label below another. */
    public boolean isWildcard() {
        return text.startsWith(WILDCARD);
    }

    /** Returns whether it is an IP address. */
    public boolean isAddress() {
        return NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text);
    }

    /** Returns the name that is validated: without the wildcard. */
    public String base() {
        return isWildcard() ? text.substring(WILDCARD.length()) : text;
    }

    @Override
    public String toString() {
        return text;
    }
}
