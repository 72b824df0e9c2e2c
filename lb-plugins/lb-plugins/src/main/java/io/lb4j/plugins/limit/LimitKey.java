package io.lb4j.plugins.limit;

import io.lb4j.http.FieldName;
import io.lb4j.plugins.kit.Identity;
import io.lb4j.spi.FilterExchange;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * What requests are counted by. Immutable.
 *
 * @param kind of what
 * @param name of the field or the claim
 */
public record LimitKey(Kind kind, String name) {
    static final String EXPECTED = "client, all, identity, header:NAME or claim:NAME";
    private static final int LONGEST = 256;

    /** Of what. */
    public enum Kind {
        /** The client's address. */
        CLIENT,
        /** Nothing: all together. */
        ALL,
        /** Whom a plugin has found the client to be. */
        IDENTITY,
        /** A field of the request. */
        HEADER,
        /** Something else that is known of an identity. */
        CLAIM
    }

    /**
     * Reads what a configuration says.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static LimitKey of(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        return switch (colon < 0 ? text : text.substring(0, colon + 1)) {
            case "client" -> new LimitKey(Kind.CLIENT, "");
            case "all" -> new LimitKey(Kind.ALL, "");
            case "identity" -> new LimitKey(Kind.IDENTITY, "");
            case "header:" -> new LimitKey(Kind.HEADER, FieldName.of(name).toString());
            case "claim:" -> new LimitKey(Kind.CLAIM, requireName(name));
            default -> throw new IllegalArgumentException(EXPECTED);
        };
    }

    private static String requireName(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("claim: and a name");
        }
        return name;
    }

    /** Returns whether it asks for an identity, which has to be found out first. */
    boolean needsIdentity() {
        return kind == Kind.IDENTITY || kind == Kind.CLAIM;
    }

    /**
     * Returns the key of an exchange. Those that have none share one.
     *
     * @param ipv6Prefix how many bits of an IPv6 address make a client, who usually has a whole network
     */
    String keyOf(FilterExchange exchange, int ipv6Prefix) {
        Optional<String> found = switch (kind) {
            case ALL -> Optional.empty();
            case CLIENT -> exchange.clientAddress().map(address -> text(address, ipv6Prefix));
            case IDENTITY -> exchange.attribute(Identity.KEY).map(Identity::name);
            case HEADER -> joined(exchange.request().fields().values(FieldName.of(name)));
            case CLAIM ->
                exchange.attribute(Identity.KEY)
                        .flatMap(identity ->
                                Optional.ofNullable(identity.claims().get(name)))
                        .map(String::valueOf);
        };
        String key = found.orElse("");
        return key.length() <= LONGEST ? key : UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)) + "#";
    }

    private static Optional<String> joined(List<String> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(",", values));
    }

    private static String text(InetAddress address, int ipv6Prefix) {
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            return HexFormat.of().formatHex(octets);
        }
        int whole = ipv6Prefix / Byte.SIZE;
        byte[] network = Arrays.copyOf(octets, whole + 1 > octets.length ? whole : whole + 1);
        if (ipv6Prefix % Byte.SIZE != 0) {
            network[whole] &= (byte) (0xff << (Byte.SIZE - ipv6Prefix % Byte.SIZE));
        } else if (network.length > whole) {
            network[whole] = 0;
        }
        return HexFormat.of().formatHex(network);
    }

    /** Returns what a configuration says. */
    @Override
    public String toString() {
        String text = kind.name().toLowerCase(Locale.ROOT);
        return name.isEmpty() ? text : text + ":" + name;
    }
}
