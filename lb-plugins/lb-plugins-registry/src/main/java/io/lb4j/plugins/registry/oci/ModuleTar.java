package io.lb4j.plugins.registry.oci;

import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The file {@code plugin.wasm} in a layer that is an archive (POSIX ustar, with gzip around it or not). Nothing is unpacked anywhere; a link in place of the file is refused.
 */
final class ModuleTar {
    /** What the module is called in an archive. */
    static final String NAME = "plugin.wasm";

    private static final int BLOCK = 512;
    private static final int SLACK = 1 << 20; // what an archive may hold beside the module

    private final InputStream in;
    private final long longest;

    private record Entry(String name, long size, char type) {
        boolean isModule() {
            return name.replaceFirst("^(\\./|/)", "").equals(NAME);
        }

        boolean isFile() {
            return type == '0' || type == 0 || type == '7';
        }
    }

    private ModuleTar(InputStream in, long longest) {
        this.in = in;
        this.longest = longest;
    }

    /**
     * Finds the module.
     *
     * @param longest octets that it may have; the archive as a whole may have twice as many and some more
     * @return empty if there is none
     * @throws RegistryException if the archive cannot be read or is too large
     */
    static Optional<byte[]> find(byte[] archive, long longest) throws IOException {
        try (InputStream plain = unpacked(archive);
                InputStream bounded = new Bounded(plain, 2 * longest + SLACK)) {
            return new ModuleTar(bounded, longest).find();
        } catch (EOFException | ZipException e) {
            throw new RegistryException(Reason.MALFORMED, "layer: no whole archive", e);
        }
    }

    private static InputStream unpacked(byte[] archive) throws IOException {
        boolean isPacked = archive.length > 2 && archive[0] == 0x1f && archive[1] == (byte) 0x8b;
        InputStream octets = new ByteArrayInputStream(archive);
        return isPacked ? new GZIPInputStream(octets) : octets;
    }

    private Optional<byte[]> find() throws IOException {
        for (Optional<Entry> next = next(); next.isPresent(); next = next()) {
            Entry entry = next.get();
            if (entry.isModule()) {
                return Optional.of(module(entry));
            }
            in.skipNBytes(isEmptyKind(entry.type()) ? 0 : padded(entry.size()));
        }
        return Optional.empty();
    }

    private byte[] module(Entry entry) throws IOException {
        if (!entry.isFile()) {
            throw new RegistryException(Reason.MALFORMED, "layer: " + NAME + " is a link (expected: a file)");
        }
        if (entry.size() > longest) {
            throw new RegistryException(
                    Reason.TOO_LARGE, "module: " + entry.size() + " octets (expected: at most " + longest + ")");
        }
        byte[] octets = in.readNBytes((int) entry.size());
        if (octets.length < entry.size()) {
            throw new EOFException("in the module");
        }
        return octets;
    }

    /** Links, devices, folders and pipes have no octets, whatever their size says. */
    private static boolean isEmptyKind(char type) {
        return type >= '1' && type <= '6';
    }

    private static long padded(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    private Optional<Entry> next() throws IOException {
        byte[] head = in.readNBytes(BLOCK);
        if (head.length == 0 || isZero(head)) {
            return Optional.empty();
        }
        if (head.length < BLOCK) {
            throw new EOFException("in a head");
        }
        if (!new String(head, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
            throw new RegistryException(Reason.MALFORMED, "layer: no ustar archive");
        }
        String prefix = head[262] == 0 ? text(head, 345, 155) : ""; // GNU tar has other things there
        String name = text(head, 0, 100);
        return Optional.of(
                new Entry(prefix.isEmpty() ? name : prefix + "/" + name, size(head), (char) (head[156] & 0xff)));
    }

    private static boolean isZero(byte[] head) {
        for (byte each : head) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static String text(byte[] head, int start, int length) {
        String text = new String(head, start, length, StandardCharsets.UTF_8);
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }

    private static long size(byte[] head) throws RegistryException {
        String digits = text(head, 124, 12).strip();
        if (!digits.matches("[0-7]{1,11}")) {
            throw new RegistryException(Reason.MALFORMED, "layer: size of an entry (expected: octal digits)");
        }
        return Long.parseLong(digits, 8);
    }

    /** Ends an archive that expands without end. */
    private static final class Bounded extends FilterInputStream {
        private final long most;
        private long count;

        Bounded(InputStream in, long most) {
            super(in);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            int octet = super.read();
            count(octet < 0 ? 0 : 1);
            return octet;
        }

        @Override
        public int read(byte[] into, int start, int length) throws IOException {
            int read = super.read(into, start, length);
            count(Math.max(0, read));
            return read;
        }

        @Override
        public long skip(long wanted) throws IOException {
            long skipped = super.skip(wanted);
            count(skipped);
            return skipped;
        }

        private void count(long octets) throws RegistryException {
            count += octets;
            if (count > most) {
                throw new RegistryException(Reason.TOO_LARGE, "layer: more than " + most + " octets unpacked");
            }
        }
    }
}
