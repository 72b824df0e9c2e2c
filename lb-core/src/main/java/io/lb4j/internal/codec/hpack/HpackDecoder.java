package io.lb4j.internal.codec.hpack;

/**
 * Decodes the header blocks of one direction of one connection (RFC 7541). Once a block is past a limit, the rest of it is
 * decoded for the sake of the dynamic table and nothing more is handed on, so that what a block costs is bounded by its own
 * size and not by what it claims to hold.
 *
 * <p>Confined to the event loop of its connection.
 */
public final class HpackDecoder {
    private static final int INITIAL_SCRATCH = 256;
    private static final int LARGE_SCRATCH = 16 * 1024;

    private final DynamicTable table;
    private final int maxTableSize;
    private final int maxListSize;
    private final int maxFields;
    private byte[] scratch = new byte[INITIAL_SCRATCH];

    // The block under way.
    private byte[] block = scratch;
    private int at;
    private int end;
    private FieldSink sink = HpackDecoder::discard;
    private int listSize;
    private int fields;

    /**
     * Creates a decoder.
     *
     * @param maxTableSize the SETTINGS_HEADER_TABLE_SIZE that was announced, in octets
     * @param maxListSize the most octets of names and values, with 32 for each field, that a block may hold
     * @param maxFields the most fields that a block may hold
     */
    public HpackDecoder(int maxTableSize, int maxListSize, int maxFields) {
        this.maxTableSize = maxTableSize;
        this.maxListSize = maxListSize;
        this.maxFields = maxFields;
        table = new DynamicTable(maxTableSize);
    }

    /**
     * Decodes a whole block.
     *
     * @param octets holds the block
     * @param target takes the fields, as long as they are within the limits
     * @return whether the block was within the limits
     * @throws HpackException if the block is not valid: the decoder must not be used again
     */
    public boolean decode(byte[] octets, int start, int length, FieldSink target) throws HpackException {
        block = octets;
        at = start;
        end = start + length;
        sink = target;
        listSize = 0;
        fields = 0;
        boolean sizeMayChange = true;
        while (at < end) {
            int first = block[at];
            if ((first & 0xe0) == 0x20) {
                changeTableSize(sizeMayChange);
                continue;
            }
            sizeMayChange = false;
            if (first < 0) {
                emitIndexed(integer(7));
                continue;
            }
            boolean indexing = first >= 0x40;
            readLiteral(integer(indexing ? 6 : 4), indexing, (first & 0xf0) == 0x10);
        }
        sink = HpackDecoder::discard;
        block = scratch;
        if (scratch.length > LARGE_SCRATCH) {
            scratch = new byte[INITIAL_SCRATCH];
        }
        return isWithinLimits();
    }

    /** Returns the number of fields in the last block, those past the limit included. */
    public int fieldCount() {
        return fields;
    }

    /** Returns the size of the last block's fields: octets of names and values and 32 for each field. */
    public int listSize() {
        return listSize;
    }

    private boolean isWithinLimits() {
        return listSize <= maxListSize && fields <= maxFields;
    }

    private void changeTableSize(boolean allowed) throws HpackException {
        int size = integer(5);
        if (!allowed) {
            throw new HpackException("table size update behind a field (expected: at the start of the block)");
        }
        if (size > maxTableSize) {
            throw new HpackException("table size update: " + size + " (expected: <= " + maxTableSize + ")");
        }
        table.resize(size);
    }

    private void emitIndexed(int index) throws HpackException {
        if (index > 0 && index <= StaticTable.SIZE) {
            emit(
                    StaticTable.octets(),
                    StaticTable.nameStart(index),
                    StaticTable.nameLength(index),
                    StaticTable.valueStart(index),
                    StaticTable.valueLength(index),
                    KnownNames.kindOfStatic(index));
            return;
        }
        int number = numberOf(index);
        emit(
                table.octets(),
                table.nameStart(number),
                table.nameLength(number),
                table.valueStart(number),
                table.valueLength(number),
                table.tag(number));
    }

    private void readLiteral(int nameIndex, boolean indexing, boolean sensitive) throws HpackException {
        int nameLength;
        int facts;
        if (nameIndex == 0) {
            nameLength = readString(0);
            facts = FieldFacts.ofName(scratch, 0, nameLength);
        } else {
            nameLength = copyName(nameIndex);
            facts = nameIndex <= StaticTable.SIZE
                    ? KnownNames.kindOfStatic(nameIndex)
                    : table.tag(numberOf(nameIndex)) & (FieldFacts.KIND_MASK | FieldFacts.INVALID_NAME);
        }
        int valueLength = readString(nameLength);
        facts |= FieldFacts.ofValue(scratch, nameLength, valueLength);
        if (indexing) {
            table.add(scratch, 0, nameLength, nameLength, valueLength, facts);
        }
        emit(scratch, 0, nameLength, nameLength, valueLength, sensitive ? facts | FieldFacts.SENSITIVE : facts);
    }

    private void emit(byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int facts) {
        listSize += nameLength + valueLength + DynamicTable.OVERHEAD;
        if (listSize < 0) {
            listSize = Integer.MAX_VALUE / 2; // many references to a large entry: enough, and no overflow
        }
        fields++;
        if (isWithinLimits()) {
            sink.onField(octets, nameStart, nameLength, valueStart, valueLength, facts);
        }
    }

    private int copyName(int index) throws HpackException {
        boolean isStatic = index <= StaticTable.SIZE;
        int number = isStatic ? 0 : numberOf(index);
        byte[] source = isStatic ? StaticTable.octets() : table.octets();
        int start = isStatic ? StaticTable.nameStart(index) : table.nameStart(number);
        int length = isStatic ? StaticTable.nameLength(index) : table.nameLength(number);
        reserve(0, length);
        System.arraycopy(source, start, scratch, 0, length);
        return length;
    }

    /** Reads a string into the scratch and returns its length there. */
    private int readString(int target) throws HpackException {
        requireMore();
        boolean huffman = block[at] < 0;
        int length = integer(7);
        if (length > end - at) {
            throw new HpackException(
                    "string length: " + length + " (expected: <= " + (end - at) + ", the rest of the block)");
        }
        int start = at;
        at += length;
        if (huffman) {
            reserve(target, Huffman.longestDecoded(length));
            return Huffman.decode(block, start, length, scratch, target) - target;
        }
        reserve(target, length);
        System.arraycopy(block, start, scratch, target, length);
        return length;
    }

    private int numberOf(int index) throws HpackException {
        int back = index - StaticTable.SIZE;
        if (back <= 0 || back > table.count()) {
            throw new HpackException("index: " + index + " (expected: 1.." + (StaticTable.SIZE + table.count()) + ")");
        }
        return table.added() - back;
    }

    /** Reads an integer (RFC 7541 §5.1); no valid one comes near 2^28. */
    private int integer(int prefixBits) throws HpackException {
        int prefix = (1 << prefixBits) - 1;
        int value = block[at++] & prefix;
        if (value < prefix) {
            return value;
        }
        for (int shift = 0; shift <= 21; shift += 7) {
            requireMore();
            int octet = block[at++];
            value += (octet & 0x7f) << shift;
            if (octet >= 0) {
                return value;
            }
        }
        throw new HpackException("integer: more than 28 bits (expected: fewer)");
    }

    private void requireMore() throws HpackException {
        if (at >= end) {
            throw new HpackException("header block: ends within a field (expected: whole fields)");
        }
    }

    private void reserve(int used, int length) {
        if (used + length > scratch.length) {
            byte[] larger = new byte[Math.max(scratch.length * 2, used + length)];
            System.arraycopy(scratch, 0, larger, 0, used);
            scratch = larger;
        }
    }

    private static void discard(
            byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int facts) {
        // no block is being decoded
    }
}
