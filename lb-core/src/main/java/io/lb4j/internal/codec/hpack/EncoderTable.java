package io.lb4j.internal.codec.hpack;

import java.util.Arrays;

/** An encoder's dynamic table, in which whole fields are found by their hash; and a short memory of fields that were seen. */
final class EncoderTable {
    private static final int BUCKETS = 128;
    private static final int SEEN = 128;

    private final DynamicTable table;
    private final int[] newest = new int[BUCKETS]; // the number plus 1 of the newest entry of a bucket, or 0
    private int[] older = new int[BUCKETS]; // by number: the number plus 1 of the next older entry of its bucket
    private final int[] seen = new int[SEEN];

    EncoderTable(int capacity) {
        table = new DynamicTable(capacity);
    }

    int capacity() {
        return table.capacity();
    }

    void resize(int capacity) {
        table.resize(capacity);
    }

    /** Returns the place of a field counted from the newest, which is 1; or 0. */
    int find(int hash, byte[] field, int nameLength, int valueLength) {
        int number = newest[hash & (BUCKETS - 1)] - 1;
        // What has been evicted is older than all that has not: the chain ends with the first such.
        while (number >= 0 && table.holds(number)) {
            if (table.tag(number) == hash && matches(number, field, nameLength, valueLength)) {
                return table.added() - number;
            }
            number = older[number & (older.length - 1)] - 1;
        }
        return 0;
    }

    /** Returns whether a field of this hash was asked about not long ago, and remembers it. */
    boolean wasSeen(int hash) {
        int slot = hash & (SEEN - 1);
        boolean known = seen[slot] == hash;
        seen[slot] = hash;
        return known;
    }

    /** Adds a field, unless it takes more than half of the table. */
    boolean add(int hash, byte[] field, int nameLength, int valueLength) {
        if (nameLength + valueLength + DynamicTable.OVERHEAD > table.capacity() / 2) {
            return false;
        }
        int number = table.added();
        if (number < 0) {
            return false; // 2^31 entries: the numbers are used up, the table stays as it is
        }
        table.add(field, 0, nameLength, nameLength, valueLength, hash);
        if (table.count() > older.length) {
            growChains();
        }
        int bucket = hash & (BUCKETS - 1);
        older[number & (older.length - 1)] = newest[bucket];
        newest[bucket] = number + 1;
        return true;
    }

    private boolean matches(int number, byte[] field, int nameLength, int valueLength) {
        int start = table.nameStart(number);
        return table.nameLength(number) == nameLength
                && table.valueLength(number) == valueLength
                && Arrays.equals(
                        table.octets(), start, start + nameLength + valueLength, field, 0, nameLength + valueLength);
    }

    private void growChains() {
        int[] grown = new int[older.length * 2];
        for (int number = table.added() - table.count(); number != table.added(); number++) {
            grown[number & (grown.length - 1)] = older[number & (older.length - 1)];
        }
        older = grown;
    }
}
