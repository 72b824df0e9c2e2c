package io.lb4j.model;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A block of addresses in CIDR notation (RFC 4632, RFC 4291 §2.3), {@code 10.0.0.0/8} or {@code ::1/128}. Immutable. */
public final class AddressBlock {
    private final byte[] network;
    private final int prefixLength;

    private AddressBlock(byte[] network, int prefixLength) {
        this.network = network;
        this.prefixLength = prefixLength;
    }

    /**
     * Reads a block; an address without a length is a block of one. Bits behind the prefix are ignored.
     *
     * @throws IllegalArgumentException if it is none; the message says what was expected
     */
    public static AddressBlock of(String text) {
        int slash = text.indexOf('/');
        byte[] address = octets(slash < 0 ? text : text.substring(0, slash));
        int bits = address.length * Byte.SIZE;
        int length = slash < 0 ? bits : length(text.substring(slash + 1), bits);
        return new AddressBlock(masked(address, length), length);
    }

    /** Returns the octets of an address that is written out. */
    static byte[] octets(String text) {
        byte @Nullable [] address = NetUtil.createByteArrayFromIpAddressString(text);
        if (address == null) {
            throw new IllegalArgumentException("an address, or a block such as 10.0.0.0/8 or 2001:db8::/32");
        }
        return address;
    }

    private static int length(String text, int bits) {
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > bits) {
            throw new IllegalArgumentException("a prefix length of 0 to " + bits);
        }
        return Integer.parseInt(text);
    }

    private static byte[] masked(byte[] address, int length) {
        byte[] network = address.clone();
        for (int i = 0; i < network.length; i++) {
            int kept = Math.max(0, Math.min(Byte.SIZE, length - i * Byte.SIZE));
            network[i] &= (byte) (0xff << (Byte.SIZE - kept));
        }
        return network;
    }

    /** Returns whether an address is in the block. An IPv4 address and an IPv6 block have nothing in common, and the other way round. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    /** Returns whether an address of 4 or 16 octets, as {@link InetAddress#getAddress()} has them, is in the block. */
    public boolean contains(byte[] octets) {
        int whole = prefixLength / Byte.SIZE;
        if (octets.length != network.length || !Arrays.equals(octets, 0, whole, network, 0, whole)) {
            return false;
        }
        int rest = prefixLength % Byte.SIZE;
        return rest == 0 || ((octets[whole] ^ network[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
    }

    /** Returns the octets of its lowest address, 4 or 16 of them; a copy. */
    public byte[] lowest() {
        return network.clone();
    }

    /** Returns the octets of its highest address, as many as {@link #lowest()} has; a copy. */
    public byte[] highest() {
        byte[] highest = network.clone();
        for (int bit = prefixLength; bit < highest.length * Byte.SIZE; bit++) {
            highest[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
        }
        return highest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressBlock block
                && block.prefixLength == prefixLength
                && Arrays.equals(block.network, network);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(network) * 31 + prefixLength;
    }

    @Override
    public String toString() {
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(network)) + "/" + prefixLength;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + network.length + " octets cannot be unknown", e);
        }
    }
}
