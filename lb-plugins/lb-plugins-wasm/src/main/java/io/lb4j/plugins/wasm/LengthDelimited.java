package io.lb4j.plugins.wasm;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** As much of the encoding of Protocol Buffers as messages need whose fields are texts and octets. */
final class LengthDelimited {
    private static final int KIND_BITS = 3;
    private static final int KIND = 2;
    private static final int MOST_SHIFT = 28;

    private LengthDelimited() {}

    /**
     * Reads a message: the last one of each field counts.
     *
     * @return the fields by their numbers
     * @throws IllegalArgumentException if it is malformed, or has a field of another kind
     */
    static Map<Integer, byte[]> read(byte[] message) {
        Map<Integer, byte[]> fields = new HashMap<>();
        int[] at = {0};
        while (at[0] < message.length) {
            int tag = number(message, at);
            int length = number(message, at);
            if ((tag & ((1 << KIND_BITS) - 1)) != KIND || length < 0 || length > message.length - at[0]) {
                throw new IllegalArgumentException("message: malformed at octet " + at[0]);
            }
            fields.put(tag >>> KIND_BITS, Arrays.copyOfRange(message, at[0], at[0] + length));
            at[0] += length;
        }
        return fields;
    }

    private static int number(byte[] message, int[] at) {
        int number = 0;
        for (int shift = 0; shift <= MOST_SHIFT && at[0] < message.length; shift += 7) {
            int octet = message[at[0]++];
            number |= (octet & 0x7f) << shift;
            if (octet >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("message: malformed at octet " + at[0]);
    }

    /** Writes a field. */
    static void write(int field, byte[] octets, ByteArrayOutputStream out) {
        out.write((field << KIND_BITS) | KIND);
        int rest = octets.length;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        out.writeBytes(octets);
    }
}
