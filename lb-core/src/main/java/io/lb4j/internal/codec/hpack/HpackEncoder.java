package io.lb4j.internal.codec.hpack;

import io.lb4j.http.Fields;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Encodes the header blocks of one direction of one connection (RFC 7541). A field enters the dynamic table when it is seen for
 * the second time, so that values which never come back do not push out those that do. Credentials, and fields that came as
 * never to be indexed, are written so (RFC 7541 §7.1.3).
 *
 * <p>A block is made by {@link #begin()}, then the fields in their order; it is valid until the next one begins. Confined to the
 * event loop of its connection.
 */
public final class HpackEncoder {
    /** A cookie shorter than this is easily guessed (the bound that other implementations use too). */
    private static final int SHORT_SECRET = 20;

    private static final int INITIAL_BLOCK = 512;
    private static final int LARGE_BLOCK = 16 * 1024;
    private static final int LONGEST_INTEGER = 6;

    private final int maxTableSize;
    private final EncoderTable table;
    private byte[] block = new byte[INITIAL_BLOCK];
    private int length;
    private byte[] field = new byte[INITIAL_BLOCK]; // a name, and right behind it the value
    private int smallestNewSize = -1; // of the table size changes not told yet, or -1

    /**
     * Creates an encoder.
     *
     * @param maxTableSize the most octets that the dynamic table takes, whatever the peer allows
     */
    public HpackEncoder(int maxTableSize) {
        this.maxTableSize = maxTableSize;
        table = new EncoderTable(Math.min(maxTableSize, 4096)); // RFC 9113 §6.5.2: 4,096 until the peer says otherwise
    }

    /** Heeds the peer's SETTINGS_HEADER_TABLE_SIZE, an unsigned 32-bit number. */
    public void tableSize(long peerLimit) {
        int size = (int) Math.min(peerLimit, maxTableSize);
        if (size != table.capacity()) {
            table.resize(size);
            smallestNewSize = smallestNewSize < 0 ? size : Math.min(smallestNewSize, size);
        }
    }

    /** Begins a block. */
    public void begin() {
        length = 0;
        if (block.length > LARGE_BLOCK) {
            block = new byte[INITIAL_BLOCK];
            field = new byte[INITIAL_BLOCK];
        }
        if (smallestNewSize >= 0) {
            // RFC 7541 §4.2: the smallest size since the last block, then the final one
            if (smallestNewSize < table.capacity()) {
                integer(0x20, 5, smallestNewSize);
            }
            integer(0x20, 5, table.capacity());
            smallestNewSize = -1;
        }
    }

    /** Returns the length of the block so far. */
    public int length() {
        return length;
    }

    /** Appends a part of the block to a buffer. */
    public void writeTo(ByteBuf out, int start, int partLength) {
        out.writeBytes(block, start, partLength);
    }

    /** Adds {@code :status}. */
    public void status(int status) {
        int index = staticStatus(status);
        if (index > 0) {
            indexed(index);
            return;
        }
        pseudo(StaticTable.STATUS_200, Integer.toString(status), true);
    }

    /** Adds {@code :method}. */
    public void method(String method) {
        if (method.equals("GET")) {
            indexed(StaticTable.METHOD_GET);
            return;
        }
        if (method.equals("POST")) {
            indexed(StaticTable.METHOD_POST);
            return;
        }
        pseudo(StaticTable.METHOD_GET, method, true);
    }

    /** Adds {@code :scheme}. */
    public void scheme(String scheme) {
        if (scheme.equals("https")) {
            indexed(StaticTable.SCHEME_HTTPS);
            return;
        }
        if (scheme.equals("http")) {
            indexed(StaticTable.SCHEME_HTTP);
            return;
        }
        pseudo(StaticTable.SCHEME_HTTP, scheme, true);
    }

    /** Adds {@code :authority}. */
    public void authority(String authority) {
        pseudo(StaticTable.AUTHORITY, authority, true);
    }

    /** Adds {@code :path}. */
    public void path(String path) {
        if (path.equals("/")) {
            indexed(StaticTable.PATH_ROOT);
            return;
        }
        pseudo(StaticTable.PATH_ROOT, path, false);
    }

    /** Adds {@code :protocol} (RFC 8441). */
    public void protocol(String protocol) {
        String name = ":protocol";
        reserveField(name.length() + protocol.length());
        copyText(name, 0);
        copyText(protocol, name.length());
        regular(name.length(), protocol.length(), false);
    }

    /** Adds the field at a position. */
    public void field(Fields fields, int index) {
        int nameLength = fields.nameLengthAt(index);
        int valueLength = fields.valueLengthAt(index);
        reserveField(nameLength + valueLength);
        fields.copyFieldAt(index, field, 0);
        regular(nameLength, valueLength, fields.isSensitiveAt(index));
    }

    private void regular(int nameLength, int valueLength, boolean sensitive) {
        int hash = 0;
        if (!sensitive) {
            hash = Words.hash(field, 0, nameLength + valueLength);
            int index = table.find(hash, field, nameLength, valueLength);
            if (index > 0) {
                indexed(StaticTable.SIZE + index);
                return;
            }
        }
        int known = KnownNames.find(field, 0, nameLength);
        int nameIndex = known < 0 ? 0 : KnownNames.staticIndex(known);
        switch (policy(known, valueLength, sensitive)) {
            case SECRET, SECRET_IF_SHORT -> literal(0x10, 4, nameIndex, nameLength, valueLength);
            case VARIED -> literal(0, 4, nameIndex, nameLength, valueLength);
            case REPEATED -> repeated(hash, nameIndex, nameLength, valueLength);
        }
    }

    private static KnownNames.Policy policy(int known, int valueLength, boolean sensitive) {
        if (sensitive) {
            return KnownNames.Policy.SECRET;
        }
        KnownNames.Policy policy = known < 0 ? KnownNames.Policy.REPEATED : KnownNames.policy(known);
        return policy == KnownNames.Policy.SECRET_IF_SHORT && valueLength >= SHORT_SECRET
                ? KnownNames.Policy.REPEATED
                : policy;
    }

    private void pseudo(int nameIndex, String value, boolean indexing) {
        int nameLength = StaticTable.nameLength(nameIndex);
        reserveField(nameLength + value.length());
        System.arraycopy(StaticTable.octets(), StaticTable.nameStart(nameIndex), field, 0, nameLength);
        copyText(value, nameLength);
        if (!indexing) {
            literal(0, 4, nameIndex, nameLength, value.length());
            return;
        }
        int hash = Words.hash(field, 0, nameLength + value.length());
        int index = table.find(hash, field, nameLength, value.length());
        if (index > 0) {
            indexed(StaticTable.SIZE + index);
            return;
        }
        repeated(hash, nameIndex, nameLength, value.length());
    }

    /** Writes a field that may come again: into the table if it has come before. */
    private void repeated(int hash, int nameIndex, int nameLength, int valueLength) {
        boolean adding = table.wasSeen(hash) && table.add(hash, field, nameLength, valueLength);
        literal(adding ? 0x40 : 0, adding ? 6 : 4, nameIndex, nameLength, valueLength);
    }

    private static int staticStatus(int status) {
        return switch (status) {
            case 200 -> StaticTable.STATUS_200;
            case 204 -> StaticTable.STATUS_200 + 1;
            case 206 -> StaticTable.STATUS_200 + 2;
            case 304 -> StaticTable.STATUS_200 + 3;
            case 400 -> StaticTable.STATUS_200 + 4;
            case 404 -> StaticTable.STATUS_200 + 5;
            case 500 -> StaticTable.STATUS_200 + 6;
            default -> 0;
        };
    }

    private void indexed(int index) {
        reserveBlock(LONGEST_INTEGER);
        integer(0x80, 7, index);
    }

    private void literal(int pattern, int prefixBits, int nameIndex, int nameLength, int valueLength) {
        reserveBlock(3 * LONGEST_INTEGER + nameLength + valueLength);
        integer(pattern, prefixBits, nameIndex);
        if (nameIndex == 0) {
            string(0, nameLength);
        }
        string(nameLength, valueLength);
    }

    private void string(int start, int stringLength) {
        int encodedLength = Huffman.encodedLength(field, start, stringLength);
        if (encodedLength < stringLength) {
            integer(0x80, 7, encodedLength);
            length = Huffman.encode(field, start, stringLength, block, length);
            return;
        }
        integer(0, 7, stringLength);
        System.arraycopy(field, start, block, length, stringLength);
        length += stringLength;
    }

    /** Writes an integer (RFC 7541 §5.1). */
    private void integer(int pattern, int prefixBits, int value) {
        int prefix = (1 << prefixBits) - 1;
        if (value < prefix) {
            block[length++] = (byte) (pattern | value);
            return;
        }
        block[length++] = (byte) (pattern | prefix);
        int rest = value - prefix;
        for (; rest > 0x7f; rest >>>= 7) {
            block[length++] = (byte) (rest | 0x80);
        }
        block[length++] = (byte) rest;
    }

    private void copyText(String text, int start) {
        for (int i = 0; i < text.length(); i++) {
            field[start + i] = (byte) text.charAt(i);
        }
    }

    private void reserveField(int needed) {
        if (needed > field.length) {
            field = new byte[Math.max(2 * field.length, needed)];
        }
    }

    private void reserveBlock(int needed) {
        if (length + needed > block.length) {
            block = Arrays.copyOf(block, Math.max(2 * block.length, length + needed));
        }
    }
}
