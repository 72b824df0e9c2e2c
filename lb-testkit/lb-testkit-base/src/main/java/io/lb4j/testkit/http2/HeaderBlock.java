package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes HPACK by hand (RFC 7541 §6), right or wrong: in the order, case and representation that the test wants, without
 * Huffman coding and without state of its own. A builder, for one thread.
 */
public final class HeaderBlock {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /**
     * All fields as literals that leave the dynamic table alone.
     *
     * @param fields pseudo-header fields included
     * @return the block
     */
    public static byte[] of(Fields fields) {
        HeaderBlock block = new HeaderBlock();
        fields.forEach(field -> block.literal(field.name(), field.value()));
        return block.toByteArray();
    }

    /**
     * A literal without indexing (RFC 7541 §6.2.2).
     *
     * @param name each character a byte
     * @param value each character a byte
     * @return this
     */
    public HeaderBlock literal(String name, String value) {
        bytes.write(0x00);
        return string(name).string(value);
    }

    /**
     * A literal that enters the peer's dynamic table (RFC 7541 §6.2.1), as its first entry: index 62.
     *
     * @param name each character a byte
     * @param value each character a byte
     * @return this
     */
    public HeaderBlock indexed(String name, String value) {
        bytes.write(0x40);
        return string(name).string(value);
    }

    /**
     * A reference to an entry of the static or dynamic table (RFC 7541 §6.1).
     *
     * @param index from 1; 62 is the newest entry of the dynamic table
     * @return this
     */
    public HeaderBlock reference(int index) {
        return integer(0x80, 7, index);
    }

    /**
     * A change of the dynamic table's size (RFC 7541 §6.3).
     *
     * @param size in bytes
     * @return this
     */
    public HeaderBlock tableSize(int size) {
        return integer(0x20, 5, size);
    }

    /**
     * Bytes as they are.
     *
     * @param raw appended
     * @return this
     */
    public HeaderBlock raw(byte[] raw) {
        bytes.writeBytes(raw);
        return this;
    }

    /**
     * The block so far.
     *
     * @return a copy
     */
    public byte[] toByteArray() {
        return bytes.toByteArray();
    }

    private HeaderBlock string(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return integer(0x00, 7, octets.length).raw(octets);
    }

    /** An integer with a prefix of so many bits (RFC 7541 §5.1). */
    private HeaderBlock integer(int pattern, int prefixBits, int value) {
        int full = (1 << prefixBits) - 1;
        if (value < full) {
            bytes.write(pattern | value);
            return this;
        }
        bytes.write(pattern | full);
        int rest = value - full;
        while (rest >= 0x80) {
            bytes.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes.write(rest);
        return this;
    }
}
