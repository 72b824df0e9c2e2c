package io.lb4j.plugins.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Writes archives (POSIX ustar), right and wrong ones. */
public final class Tar {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Returns an archive with nothing but a module. */
    public static byte[] ofModule(byte[] module) {
        return new Tar().file("plugin.wasm", module).packed();
    }

    /** Adds a file. */
    public Tar file(String name, byte[] content) {
        return entry(name, '0', content.length, content);
    }

    /** Adds anything. */
    public Tar entry(String name, char type, long size, byte[] content) {
        byte[] head = new byte[BLOCK];
        put(head, 0, name);
        put(head, 100, "0000644");
        put(head, 124, String.format("%011o", size));
        head[156] = (byte) type;
        put(head, 157, type == '2' ? "/etc/passwd" : "");
        put(head, 257, "ustar");
        put(head, 263, "00");
        out.writeBytes(head);
        out.writeBytes(content);
        out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        return this;
    }

    private static void put(byte[] head, int position, String text) {
        byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octets, 0, head, position, octets.length);
    }

    /** Returns the archive with gzip around it. */
    public byte[] packed() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /** Returns the archive. */
    public byte[] plain() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(out.toByteArray());
        whole.writeBytes(new byte[2 * BLOCK]);
        return whole.toByteArray();
    }
}
