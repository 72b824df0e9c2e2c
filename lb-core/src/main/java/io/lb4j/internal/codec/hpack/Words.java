package io.lb4j.internal.codec.hpack;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Octets read eight at a time. */
final class Words {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L; // the golden ratio in 64 bits

    private Words() {}

    /** Returns eight octets, the first in the highest place. */
    static long at(byte[] octets, int start) {
        return (long) LONGS.get(octets, start);
    }

    /** Returns whether one of eight octets is below 0x20 or is 0x7f. */
    static boolean hasControl(byte[] octets, int start) {
        long word = at(octets, start);
        long delete = word ^ (ONES * 0x7f);
        long below = (word - ONES * ' ') & ~word;
        long equal = (delete - ONES) & ~delete;
        return ((below | equal) & HIGH_BITS) != 0;
    }

    /** Returns a hash of some octets. */
    static int hash(byte[] octets, int start, int length) {
        long hash = length;
        int at = start;
        int end = start + length;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            hash = (hash ^ at(octets, at)) * MULTIPLIER;
            hash ^= hash >>> 32;
        }
        for (; at < end; at++) {
            hash = (hash ^ octets[at]) * MULTIPLIER;
        }
        return (int) (hash >>> 32) ^ (int) hash;
    }
}
