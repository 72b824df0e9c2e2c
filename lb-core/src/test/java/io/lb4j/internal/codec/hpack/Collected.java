package io.lb4j.internal.codec.hpack;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keeps the fields of a block as lines of {@code name: value}. */
final class Collected implements FieldSink {
    private final List<String> lines = new ArrayList<>();
    private final List<Integer> facts = new ArrayList<>();

    @Override
    public void onField(byte[] octets, int nameStart, int nameLength, int valueStart, int valueLength, int fieldFacts) {
        lines.add(text(octets, nameStart, nameLength) + ": " + text(octets, valueStart, valueLength));
        facts.add(fieldFacts);
    }

    List<String> lines() {
        return lines;
    }

    int facts(int index) {
        return facts.get(index);
    }

    private static String text(byte[] octets, int start, int length) {
        return new String(octets, start, length, StandardCharsets.ISO_8859_1);
    }
}
