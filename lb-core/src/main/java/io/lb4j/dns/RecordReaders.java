package io.lb4j.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Reads what records hold. */
final class RecordReaders {
    private RecordReaders() {}

    static InetAddress address(ByteBuf content) {
        return address(ByteBufUtil.getBytes(content));
    }

    /**
     * Returns an address of 4 or 16 octets.
     *
     * @throws IllegalArgumentException if there are more or fewer
     */
    static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address: " + octets.length + " octets (expected: 4 or 16)", e);
        }
    }

    /** RFC 2782: priority, weight, port, target. */
    static ServiceRecord service(ByteBuf content) {
        ByteBuf fields = content.duplicate();
        int priority = fields.readUnsignedShort();
        int weight = fields.readUnsignedShort();
        int port = fields.readUnsignedShort();
        return new ServiceRecord(priority, weight, port, name(fields));
    }

    /** Returns a name without its trailing dot; compressed ones are followed through the message. */
    static String name(ByteBuf content) {
        String name = DefaultDnsRecordDecoder.decodeName(content.duplicate());
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
