package io.lb4j.internal.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.model.ProxyProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/**
 * The PROXY protocol header at the beginning of a connection (specification by HAProxy, "The PROXY protocol", sections 2.1 and 2.2): whom the
 * connection is made for, or that it is made for nobody. Immutable.
 */
final class ProxyPrelude {
    private static final byte[] V2_SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int V2_LOCAL = 0x20;
    private static final int V2_PROXY = 0x21;
    private static final int V2_IPV4_STREAM = 0x11;
    private static final int V2_IPV6_STREAM = 0x21;
    private static final int IPV4_OCTETS = 4;

    private final ProxyProtocol version;
    private final byte[] octets;

    private ProxyPrelude(ProxyProtocol version, byte[] octets) {
        this.version = version;
        this.octets = octets;
    }

    /** Returns the header of a connection of our own, a health check say. */
    static ProxyPrelude ofOurOwn(ProxyProtocol version) {
        byte[] header = version == ProxyProtocol.V1
                ? "PROXY UNKNOWN\r\n".getBytes(US_ASCII)
                : concatenated(V2_SIGNATURE, new byte[] {V2_LOCAL, 0, 0, 0});
        return new ProxyPrelude(version, header);
    }

    /** Returns the header, of the same version, of a connection that is made for a client. */
    ProxyPrelude forClient(ConnectionInfo client) {
        if (!(client.remoteAddress() instanceof InetSocketAddress from)
                || !(client.localAddress() instanceof InetSocketAddress to)
                || from.isUnresolved()
                || to.isUnresolved()) {
            return ofOurOwn(version);
        }
        // Both addresses are of one family: an IPv4 one stands in IPv6 as ::ffff:a.b.c.d where the other is IPv6.
        boolean short4 = from.getAddress().getAddress().length == IPV4_OCTETS
                && to.getAddress().getAddress().length == IPV4_OCTETS;
        return new ProxyPrelude(
                version, version == ProxyProtocol.V1 ? line(from, to, short4) : binary(from, to, short4));
    }

    boolean saysTheSameAs(ProxyPrelude other) {
        return Arrays.equals(octets, other.octets);
    }

    ByteBuf write(ByteBufAllocator allocator) {
        return allocator.buffer(octets.length).writeBytes(octets);
    }

    private static byte[] line(InetSocketAddress from, InetSocketAddress to, boolean short4) {
        String header = String.join(
                " ",
                "PROXY",
                short4 ? "TCP4" : "TCP6",
                text(from.getAddress(), short4),
                text(to.getAddress(), short4),
                Integer.toString(from.getPort()),
                Integer.toString(to.getPort()));
        return (header + "\r\n").getBytes(US_ASCII);
    }

    private static String text(InetAddress address, boolean short4) {
        boolean mapped = !short4 && address.getAddress().length == IPV4_OCTETS;
        return (mapped ? "::ffff:" : "") + NetUtil.toAddressString(address);
    }

    private static byte[] binary(InetSocketAddress from, InetSocketAddress to, boolean short4) {
        byte[] addresses = concatenated(octets(from.getAddress(), short4), octets(to.getAddress(), short4));
        int length = addresses.length + 4;
        return concatenated(
                V2_SIGNATURE,
                new byte[] {V2_PROXY, (byte) (short4 ? V2_IPV4_STREAM : V2_IPV6_STREAM), 0, (byte) length},
                addresses,
                port(from),
                port(to));
    }

    private static byte[] octets(InetAddress address, boolean short4) {
        byte[] octets = address.getAddress();
        if (short4 || octets.length > IPV4_OCTETS) {
            return octets;
        }
        return concatenated(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff}, octets);
    }

    private static byte[] port(InetSocketAddress address) {
        return new byte[] {(byte) (address.getPort() >> 8), (byte) address.getPort()};
    }

    private static byte[] concatenated(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
