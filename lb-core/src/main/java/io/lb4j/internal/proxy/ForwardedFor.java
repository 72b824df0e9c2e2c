package io.lb4j.internal.proxy;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who the client is, where proxies whose word is believed stand between. */
final class ForwardedFor {
    private ForwardedFor() {}

    /**
     * Goes from the peer towards the client, as long as whoever says where a request came from is believed. An element that is no address
     * ends the way: what lies behind it may be anybody's invention.
     */
    static Optional<InetAddress> client(
            Optional<InetAddress> peer, Fields fields, Predicate<InetAddress> trustedProxies) {
        if (peer.isEmpty() || !fields.contains(FieldName.X_FORWARDED_FOR) || !trustedProxies.test(peer.get())) {
            return peer;
        }
        InetAddress nearest = peer.get();
        List<String> values = fields.values(FieldName.X_FORWARDED_FOR);
        for (int i = values.size() - 1; i >= 0; i--) {
            String value = values.get(i);
            int end = value.length();
            while (end >= 0) {
                int comma = value.lastIndexOf(',', end - 1);
                InetAddress next = address(value.substring(comma + 1, end).strip());
                if (next == null) {
                    return Optional.of(nearest);
                }
                nearest = next;
                if (!trustedProxies.test(nearest)) {
                    return Optional.of(nearest);
                }
                end = comma;
            }
        }
        return Optional.of(nearest);
    }

    /** Returns the address that is written out, alone or with a port; null for anything else. */
    private static @Nullable InetAddress address(String text) {
        byte @Nullable [] octets = NetUtil.createByteArrayFromIpAddressString(text);
        if (octets == null) {
            octets = NetUtil.createByteArrayFromIpAddressString(withoutPort(text));
        }
        try {
            return octets == null ? null : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + octets.length + " octets cannot be unknown", e);
        }
    }

    private static String withoutPort(String text) {
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            return text.substring(1, bracket);
        }
        int colon = text.indexOf(':');
        return colon > 0 ? text.substring(0, colon) : text;
    }
}
