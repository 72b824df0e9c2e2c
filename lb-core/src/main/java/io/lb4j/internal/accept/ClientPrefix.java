package io.lb4j.internal.accept;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What counts as one client: an IPv4 address, or the /64 prefix of an IPv6 address, within which a host may take any address it likes
 * (RFC 6177 §2).
 */
record ClientPrefix(boolean isVersion6, long bits) {
    static ClientPrefix of(InetAddress address) {
        ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet6Address
                ? new ClientPrefix(true, octets.getLong())
                : new ClientPrefix(false, octets.getInt());
    }
}
