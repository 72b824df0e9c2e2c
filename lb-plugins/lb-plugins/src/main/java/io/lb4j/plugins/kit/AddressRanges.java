package io.lb4j.plugins.kit;

import io.lb4j.model.AddressBlock;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Many blocks of addresses, in which one is found by halving. Immutable. */
public final class AddressRanges {
    private static final Comparator<byte[]> OCTETS = AddressRanges::compare;

    private final byte[][] lowest; // in ascending order: shorter addresses first
    private final byte[][] highest;

    /** Creates the ranges that some blocks cover together. */
    public AddressRanges(List<AddressBlock> blocks) {
        List<AddressBlock> sorted = new ArrayList<>(blocks);
        // Of two that begin alike the larger one first.
        sorted.sort(Comparator.comparing(AddressBlock::lowest, OCTETS)
                .thenComparing(AddressBlock::highest, OCTETS.reversed()));
        List<byte[]> starts = new ArrayList<>();
        List<byte[]> ends = new ArrayList<>();
        for (AddressBlock block : sorted) {
            int last = ends.size() - 1;
            // Blocks lie within each other or apart.
            if (last < 0 || compare(block.lowest(), ends.get(last)) > 0) {
                starts.add(block.lowest());
                ends.add(block.highest());
            }
        }
        lowest = starts.toArray(new byte[0][]);
        highest = ends.toArray(new byte[0][]);
    }

    private static int compare(byte[] one, byte[] other) {
        return one.length == other.length ? Arrays.compareUnsigned(one, other) : one.length - other.length;
    }

    /** Returns whether there is none. */
    public boolean isEmpty() {
        return lowest.length == 0;
    }

    /** Returns whether an address is in one of the blocks. */
    public boolean contains(InetAddress address) {
        byte[] octets = address.getAddress();
        int index = Arrays.binarySearch(lowest, octets, OCTETS);
        int candidate = index >= 0 ? index : -index - 2; // the last one that begins before it
        return candidate >= 0 && highest[candidate].length == octets.length && compare(octets, highest[candidate]) <= 0;
    }
}
