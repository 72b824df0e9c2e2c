package io.lb4j.internal.codec.hpack;

/**
 * A dynamic table (RFC 7541 §2.3.2). Octets lie in one array, twice as long as the table may be, so that entries stay in one
 * piece and are moved only when the end is reached; positions lie in a ring. An entry has a number, counted from 0 as entries
 * are added, and a tag: what its owner wants to remember of it. Memory is taken when it is first needed.
 */
final class DynamicTable {
    /** What an entry costs besides its octets (RFC 7541 §4.1). */
    static final int OVERHEAD = 32;

    private static final int STRIDE = 4; // start, name length, value length, tag
    private static final int INITIAL_ENTRIES = 16;

    private byte[] octets = new byte[0];
    private int[] ring = new int[0];
    private int mask = -1;
    private int capacity;
    private int size;
    private int end; // where the next entry's octets go
    private int added; // the number of the next entry
    private int oldest; // the number of the oldest entry

    DynamicTable(int capacity) {
        this.capacity = capacity;
    }

    int capacity() {
        return capacity;
    }

    int size() {
        return size;
    }

    /** Returns how many entries there are. */
    int count() {
        return added - oldest;
    }

    /** Returns the number that the next entry will have. */
    int added() {
        return added;
    }

    /** Returns whether an entry is still there. */
    boolean holds(int number) {
        return number - oldest >= 0 && number - added < 0;
    }

    /** Changes the capacity and evicts what no longer fits. */
    void resize(int newCapacity) {
        capacity = newCapacity;
        evict(0);
        if (octets.length > 2 * newCapacity) {
            compact(new byte[2 * newCapacity]);
        }
    }

    /**
     * Adds an entry, after evicting what it displaces. An entry larger than the table empties it and is not added.
     *
     * @param source must not be this table's own octets
     * @return whether the entry was added
     */
    boolean add(byte[] source, int nameStart, int nameLength, int valueStart, int valueLength, int tag) {
        int length = nameLength + valueLength;
        evict(length + OVERHEAD);
        if (length + OVERHEAD > capacity) {
            return false;
        }
        if (end + length > octets.length) {
            makeRoom(length);
        }
        if (count() == mask + 1) {
            growRing();
        }
        System.arraycopy(source, nameStart, octets, end, nameLength);
        System.arraycopy(source, valueStart, octets, end + nameLength, valueLength);
        int at = (added & mask) * STRIDE;
        ring[at] = end;
        ring[at + 1] = nameLength;
        ring[at + 2] = valueLength;
        ring[at + 3] = tag;
        end += length;
        size += length + OVERHEAD;
        added++;
        return true;
    }

    byte[] octets() {
        return octets;
    }

    int nameStart(int number) {
        return ring[(number & mask) * STRIDE];
    }

    int nameLength(int number) {
        return ring[(number & mask) * STRIDE + 1];
    }

    int valueStart(int number) {
        int at = (number & mask) * STRIDE;
        return ring[at] + ring[at + 1];
    }

    int valueLength(int number) {
        return ring[(number & mask) * STRIDE + 2];
    }

    int tag(int number) {
        return ring[(number & mask) * STRIDE + 3];
    }

    private void evict(int needed) {
        while (oldest != added && size + needed > capacity) {
            int at = (oldest & mask) * STRIDE;
            size -= ring[at + 1] + ring[at + 2] + OVERHEAD;
            oldest++;
        }
        if (oldest == added) {
            end = 0;
        }
    }

    private void makeRoom(int length) {
        int used = size - count() * OVERHEAD;
        // What is live is at most the capacity, so that half of the array at least is free after moving.
        int wanted = Math.min(2 * capacity, Math.max(512, 2 * (used + length)));
        compact(wanted > octets.length ? new byte[wanted] : octets);
    }

    private void compact(byte[] target) {
        if (oldest == added) {
            end = 0;
            octets = target;
            return;
        }
        int from = nameStart(oldest);
        System.arraycopy(octets, from, target, 0, end - from);
        for (int number = oldest; number != added; number++) {
            ring[(number & mask) * STRIDE] -= from;
        }
        end -= from;
        octets = target;
    }

    private void growRing() {
        if (mask < 0) {
            ring = new int[INITIAL_ENTRIES * STRIDE];
            mask = INITIAL_ENTRIES - 1;
            return;
        }
        int newMask = mask * 2 + 1;
        int[] grown = new int[(newMask + 1) * STRIDE];
        for (int number = oldest; number != added; number++) {
            System.arraycopy(ring, (number & mask) * STRIDE, grown, (number & newMask) * STRIDE, STRIDE);
        }
        ring = grown;
        mask = newMask;
    }
}
