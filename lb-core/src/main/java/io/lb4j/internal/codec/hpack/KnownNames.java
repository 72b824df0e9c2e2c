package io.lb4j.internal.codec.hpack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The names that coding a header block needs to know, found by their octets: those of the static table with the index of their
 * first entry, those with a meaning in HTTP/2, and those whose values are not worth, or must not have, a place in a table.
 */
final class KnownNames {
    private static final int MASK = 255;

    /** How a field of some name is written. */
    enum Policy {
        /** Enters the table when it is seen again. */
        REPEATED,
        /** Differs from message to message: stays out of the table. */
        VARIED,
        /** A credential: stays out of every table on the way (RFC 7541 §7.1.3). */
        SECRET,
        /** A credential while it is short enough to be guessed. */
        SECRET_IF_SHORT
    }

    private static final Map<String, Integer> KINDS = Map.ofEntries(
            Map.entry(":method", FieldFacts.METHOD),
            Map.entry(":scheme", FieldFacts.SCHEME),
            Map.entry(":authority", FieldFacts.AUTHORITY),
            Map.entry(":path", FieldFacts.PATH),
            Map.entry(":status", FieldFacts.STATUS),
            Map.entry(":protocol", FieldFacts.PROTOCOL),
            Map.entry("connection", FieldFacts.CONNECTION_SPECIFIC),
            Map.entry("keep-alive", FieldFacts.CONNECTION_SPECIFIC),
            Map.entry("proxy-connection", FieldFacts.CONNECTION_SPECIFIC),
            Map.entry("transfer-encoding", FieldFacts.CONNECTION_SPECIFIC),
            Map.entry("upgrade", FieldFacts.CONNECTION_SPECIFIC),
            Map.entry("te", FieldFacts.TE),
            Map.entry("content-length", FieldFacts.CONTENT_LENGTH),
            Map.entry("host", FieldFacts.HOST),
            Map.entry("cookie", FieldFacts.COOKIE));

    private static final Map<String, Policy> POLICIES = Map.ofEntries(
            Map.entry("authorization", Policy.SECRET),
            Map.entry("proxy-authorization", Policy.SECRET),
            Map.entry("set-cookie", Policy.SECRET),
            Map.entry("cookie", Policy.SECRET_IF_SHORT),
            Map.entry(":path", Policy.VARIED),
            Map.entry("age", Policy.VARIED),
            Map.entry("content-length", Policy.VARIED),
            Map.entry("content-range", Policy.VARIED),
            Map.entry("etag", Policy.VARIED),
            Map.entry("if-modified-since", Policy.VARIED),
            Map.entry("if-none-match", Policy.VARIED),
            Map.entry("if-range", Policy.VARIED),
            Map.entry("location", Policy.VARIED),
            Map.entry("range", Policy.VARIED),
            Map.entry("x-request-id", Policy.VARIED),
            Map.entry("traceparent", Policy.VARIED));

    private static final byte[][] NAMES;
    private static final int[] STATIC_INDEX;
    private static final int[] KIND;
    private static final Policy[] POLICY;
    private static final int[] KIND_OF_STATIC = new int[StaticTable.SIZE + 1];
    private static final int[] SLOTS = new int[MASK + 1]; // the number of a name plus 1, or 0

    static {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= StaticTable.SIZE; i++) {
            addOnce(names, StaticTable.name(i));
        }
        KINDS.keySet().stream().sorted().forEach(name -> addOnce(names, name));
        POLICIES.keySet().stream().sorted().forEach(name -> addOnce(names, name));
        NAMES = new byte[names.size()][];
        STATIC_INDEX = new int[names.size()];
        KIND = new int[names.size()];
        POLICY = new Policy[names.size()];
        for (int i = 0; i < names.size(); i++) {
            enter(i, names.get(i));
        }
        for (int i = StaticTable.SIZE; i > 0; i--) {
            int known = find(StaticTable.octets(), StaticTable.nameStart(i), StaticTable.nameLength(i));
            STATIC_INDEX[known] = i; // ends with the first entry of the name
            KIND_OF_STATIC[i] = KIND[known];
        }
    }

    private KnownNames() {}

    /** Returns the number of a name, or -1. */
    static int find(byte[] octets, int start, int length) {
        if (length == 0) {
            return -1;
        }
        for (int slot = slot(octets, start, length); ; slot = (slot + 1) & MASK) {
            int known = SLOTS[slot] - 1;
            if (known < 0) {
                return -1;
            }
            byte[] name = NAMES[known];
            if (name.length == length && Arrays.equals(name, 0, length, octets, start, start + length)) {
                return known;
            }
        }
    }

    /** Returns the static table's first entry of a name, or 0. */
    static int staticIndex(int known) {
        return STATIC_INDEX[known];
    }

    /** Returns the kind that {@link FieldFacts} gives the name. */
    static int kind(int known) {
        return KIND[known];
    }

    static Policy policy(int known) {
        return POLICY[known];
    }

    /** Returns the kind of the name of an entry of the static table. */
    static int kindOfStatic(int index) {
        return KIND_OF_STATIC[index];
    }

    private static void addOnce(List<String> names, String name) {
        if (!names.contains(name)) {
            names.add(name);
        }
    }

    private static void enter(int known, String name) {
        byte[] octets = name.getBytes(StandardCharsets.US_ASCII);
        NAMES[known] = octets;
        KIND[known] = KINDS.getOrDefault(name, FieldFacts.PLAIN);
        POLICY[known] = POLICIES.getOrDefault(name, Policy.REPEATED);
        int slot = slot(octets, 0, octets.length);
        while (SLOTS[slot] != 0) {
            slot = (slot + 1) & MASK;
        }
        SLOTS[slot] = known + 1;
    }

    private static int slot(byte[] octets, int start, int length) {
        int middle = octets[start + (length >> 1)];
        return (length * 37 + octets[start] * 7 + middle * 31 + octets[start + length - 1] * 13) & MASK;
    }
}
