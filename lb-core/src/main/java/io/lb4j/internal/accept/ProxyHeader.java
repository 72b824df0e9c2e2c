package io.lb4j.internal.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Reads the header of the PROXY protocol, version 1 or 2 (specification by HAProxy, "The PROXY protocol", sections 2.1 and 2.2): of a part
 * that has come so far, without keeping any. Of version 2 the addresses are read; what follows them is skipped, and must be sound in its lengths.
 */
final class ProxyHeader {
    /** How long a header may be; addresses take 52 octets at the most, and the rest is for extensions. */
    static final int MAX_OCTETS = 4096;

    private static final byte[] V1_BEGINNING = "PROXY ".getBytes(US_ASCII);
    private static final byte[] V2_SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final int V1_MAX_OCTETS = 107; // with the line's end
    private static final int V2_FIXED = 16;
    private static final int V2_LOCAL = 0x20;
    private static final int V2_PROXY = 0x21;
    private static final int IPV4_STREAM = 0x11;
    private static final int IPV6_STREAM = 0x21;
    private static final int IPV4_OCTETS = 4;
    private static final int IPV6_OCTETS = 16;
    private static final int EXTENSION_HEADER = 3;

    private ProxyHeader() {}

    /** What the octets amount to. */
    sealed interface Reading {}

    /** More octets are needed. */
    record Incomplete() implements Reading {}

    /** No header, or a damaged one. */
    record Malformed(String why) implements Reading {}

    /**
     * A header.
     *
     * @param length its octets
     * @param client where the connection comes from; empty if the proxy speaks for itself, or does not know
     * @param target where it went to; empty with the client
     */
    record Complete(int length, Optional<InetSocketAddress> client, Optional<InetSocketAddress> target)
            implements Reading {}

    private static final Incomplete INCOMPLETE = new Incomplete();

    /** Reads from the reader index, which stays where it is. */
    static Reading read(ByteBuf in) {
        int start = in.readerIndex();
        int present = in.readableBytes();
        if (present == 0) {
            return INCOMPLETE;
        }
        if (begins(in, V2_SIGNATURE)) {
            return present < V2_FIXED ? INCOMPLETE : readBinary(in, start, present);
        }
        if (begins(in, V1_BEGINNING)) {
            return readLine(in, start, present);
        }
        return new Malformed("no PROXY header");
    }

    /** Returns whether what is there so far agrees with a beginning. */
    private static boolean begins(ByteBuf in, byte[] beginning) {
        int most = Math.min(in.readableBytes(), beginning.length);
        for (int i = 0; i < most; i++) {
            if (in.getByte(in.readerIndex() + i) != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    private static Reading readLine(ByteBuf in, int start, int present) {
        int lineFeed = in.indexOf(start, start + Math.min(present, V1_MAX_OCTETS), (byte) '\n');
        if (lineFeed < 0) {
            return present >= V1_MAX_OCTETS ? new Malformed("a line that does not end") : INCOMPLETE;
        }
        if (in.getByte(lineFeed - 1) != '\r') {
            return new Malformed("a line feed alone");
        }
        int length = lineFeed + 1 - start;
        String[] words = in.toString(start, length - 2, US_ASCII).split(" ", -1);
        if (words.length >= 2 && words[1].equals("UNKNOWN")) {
            return new Complete(length, Optional.empty(), Optional.empty()); // the rest is to be ignored
        }
        if (words.length != 6) {
            return new Malformed("not six words");
        }
        int octets = octetsOf(words[1]);
        Optional<InetSocketAddress> client = address(words[2], words[4], octets);
        Optional<InetSocketAddress> target = address(words[3], words[5], octets);
        return client.isEmpty() || target.isEmpty()
                ? new Malformed("an address that is none")
                : new Complete(length, client, target);
    }

    private static int octetsOf(String family) {
        return switch (family) {
            case "TCP4" -> IPV4_OCTETS;
            case "TCP6" -> IPV6_OCTETS;
            default -> 0;
        };
    }

    private static Optional<InetSocketAddress> address(String host, String port, int octets) {
        byte[] address = octets == IPV4_OCTETS || host.indexOf('%') < 0
                ? NetUtil.createByteArrayFromIpAddressString(host)
                : null;
        boolean isNumber = port.length() <= 5 && port.matches("0|[1-9][0-9]*");
        if (address == null || address.length != octets || !isNumber || Integer.parseInt(port) > 0xffff) {
            return Optional.empty();
        }
        return Optional.of(new InetSocketAddress(inetAddress(address), Integer.parseInt(port)));
    }

    private static Reading readBinary(ByteBuf in, int start, int present) {
        int command = in.getUnsignedByte(start + 12);
        int family = in.getUnsignedByte(start + 13);
        int rest = in.getUnsignedShort(start + 14);
        int length = V2_FIXED + rest;
        if (command != V2_LOCAL && command != V2_PROXY) {
            return new Malformed("version and command " + command);
        }
        if (length > MAX_OCTETS) {
            return new Malformed(length + " octets (expected: <= " + MAX_OCTETS + ")");
        }
        if (present < length) {
            return INCOMPLETE;
        }
        boolean isInternet = family == IPV4_STREAM || family == IPV6_STREAM;
        if (command == V2_LOCAL || !isInternet) {
            // A health check, a Unix socket, or a family of the future: the connection speaks for itself.
            return new Complete(length, Optional.empty(), Optional.empty());
        }
        int octets = family == IPV4_STREAM ? IPV4_OCTETS : IPV6_OCTETS;
        int addresses = 2 * octets + 4;
        int from = start + V2_FIXED;
        if (rest < addresses || !areExtensions(in, from + addresses, start + length)) {
            return new Malformed("addresses or extensions that do not fit");
        }
        return new Complete(
                length,
                Optional.of(new InetSocketAddress(
                        inetAddress(octets(in, from, octets)), in.getUnsignedShort(from + 2 * octets))),
                Optional.of(new InetSocketAddress(
                        inetAddress(octets(in, from + octets, octets)), in.getUnsignedShort(from + 2 * octets + 2))));
    }

    private static boolean areExtensions(ByteBuf in, int from, int end) {
        int at = from;
        while (at < end) {
            if (end - at < EXTENSION_HEADER) {
                return false;
            }
            at += EXTENSION_HEADER + in.getUnsignedShort(at + 1);
        }
        return at == end;
    }

    private static byte[] octets(ByteBuf in, int at, int count) {
        byte[] octets = new byte[count];
        in.getBytes(at, octets);
        return octets;
    }

    private static InetAddress inetAddress(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address of 4 or 16 octets is always good", impossible);
        }
    }
}
