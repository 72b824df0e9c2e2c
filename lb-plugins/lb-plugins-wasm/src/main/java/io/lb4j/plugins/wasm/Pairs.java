package io.lb4j.plugins.wasm;

import io.lb4j.http.Fields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Maps as proxy-wasm has them in memory: a number, two lengths for each pair, and the pairs, each text with a zero octet behind it; little-endian. */
final class Pairs {
    private static final int MAX_PAIRS = 10_000;

    private Pairs() {}

    /** One pair. */
    record Pair(String name, String value) {}

    /** Returns the octets that {@link #write(FieldMap)} makes. */
    static int size(FieldMap map) {
        int size = Integer.BYTES + map.size() * (2 * Integer.BYTES + 2);
        for (String name : map.pseudoNames()) {
            size += name.length() + map.pseudoValue(name).length();
        }
        Fields fields = map.fields();
        for (int i = 0; i < fields.size(); i++) {
            size += fields.nameLengthAt(i) + fields.valueLengthAt(i);
        }
        return size;
    }

    static byte[] write(FieldMap map) {
        ByteBuffer out = ByteBuffer.allocate(size(map)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(map.size());
        for (String name : map.pseudoNames()) {
            out.putInt(name.length()).putInt(map.pseudoValue(name).length());
        }
        Fields fields = map.fields();
        for (int i = 0; i < fields.size(); i++) {
            out.putInt(fields.nameLengthAt(i)).putInt(fields.valueLengthAt(i));
        }
        for (String name : map.pseudoNames()) {
            put(out, name);
            put(out, map.pseudoValue(name));
        }
        byte[] octets = out.array();
        int at = out.position();
        for (int i = 0; i < fields.size(); i++) {
            fields.copyFieldAt(i, octets, at);
            at += fields.nameLengthAt(i);
            octets[at++] = 0; // where the value stood; it comes behind
            fields.copyValueAt(i, octets, at);
            at += fields.valueLengthAt(i) + 1;
        }
        return octets;
    }

    private static void put(ByteBuffer out, String text) {
        out.put(text.getBytes(StandardCharsets.ISO_8859_1)).put((byte) 0);
    }

    /** Reads a map; empty if it is malformed. A map without pairs may have no octets at all, or one. */
    static Optional<List<Pair>> read(byte[] octets) {
        if (octets.length < Integer.BYTES) {
            return octets.length <= 1 ? Optional.of(List.of()) : Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        int count = in.getInt();
        if (count < 0 || count > MAX_PAIRS || in.remaining() < count * 2 * Integer.BYTES) {
            return Optional.empty();
        }
        int at = Integer.BYTES + count * 2 * Integer.BYTES;
        List<Pair> pairs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int nameLength = in.getInt();
            int valueLength = in.getInt();
            if (!fits(octets, at, nameLength) || !fits(octets, at + nameLength + 1, valueLength)) {
                return Optional.empty();
            }
            String name = text(octets, at, nameLength);
            at += nameLength + 1;
            pairs.add(new Pair(name, text(octets, at, valueLength)));
            at += valueLength + 1;
        }
        return Optional.of(pairs);
    }

    /** Returns whether a text of this length, and the zero behind it, lie within the octets. */
    private static boolean fits(byte[] octets, int start, int length) {
        return length >= 0 && length < octets.length - start && octets[start + length] == 0;
    }

    private static String text(byte[] octets, int start, int length) {
        return new String(octets, start, length, StandardCharsets.ISO_8859_1);
    }
}
