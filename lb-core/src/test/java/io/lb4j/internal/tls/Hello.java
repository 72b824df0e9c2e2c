package io.lb4j.internal.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Writes ClientHellos, well-formed ones and others. */
public final class Hello {
    private final List<byte[]> extensions = new ArrayList<>();

    private Hello() {}

    public static Hello plain() {
        return new Hello();
    }

    public Hello serverName(String name) {
        byte[] octets = name.getBytes(US_ASCII);
        byte[] entry = concat(new byte[] {0}, u16(octets.length), octets);
        return extension(0, concat(u16(entry.length), entry));
    }

    public Hello alpn(String... names) {
        byte[] list = new byte[0];
        for (String name : names) {
            list = concat(list, new byte[] {(byte) name.length()}, name.getBytes(US_ASCII));
        }
        return extension(16, concat(u16(list.length), list));
    }

    public Hello extension(int type, byte[] content) {
        extensions.add(concat(u16(type), u16(content.length), content));
        return this;
    }

    /** The message without any header. */
    public byte[] body() {
        byte[] all = concat(extensions.toArray(byte[][]::new));
        byte[] fixed = concat(
                new byte[] {3, 3}, new byte[32], new byte[] {0}, u16(2), new byte[] {0x13, 1}, new byte[] {1, 0});
        return extensions.isEmpty() ? fixed : concat(fixed, u16(all.length), all);
    }

    /** The message with its handshake header. */
    public byte[] message() {
        byte[] body = body();
        return concat(new byte[] {1, (byte) (body.length >> 16)}, u16(body.length), body);
    }

    /** The message in one record. */
    public byte[] record() {
        return records(message(), Integer.MAX_VALUE);
    }

    /** Octets in records that carry so many of them each. */
    public static byte[] records(byte[] octets, int size) {
        ByteBuffer rest = ByteBuffer.wrap(octets);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (rest.hasRemaining()) {
            byte[] part = new byte[Math.min(size, rest.remaining())];
            rest.get(part);
            out.writeBytes(concat(new byte[] {22, 3, 1}, u16(part.length), part));
        }
        return out.toByteArray();
    }

    public static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] u16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }
}
