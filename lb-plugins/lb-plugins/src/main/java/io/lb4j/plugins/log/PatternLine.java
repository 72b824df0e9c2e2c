package io.lb4j.plugins.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A line by a pattern: texts, and fields in braces after a percent sign. What a client can write into a field cannot end the line, or a quotation. */
final class PatternLine implements LogLine {
    static final String EXPECTED = "a pattern such as %{client} \"%{method} %{path}\" %{status}";

    /** A text, and the field after it. */
    private record Piece(String text, Optional<LogField> field) {}

    private final String pattern;
    private final List<Piece> pieces = new ArrayList<>();

    private PatternLine(String pattern) {
        this.pattern = pattern;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it names no field, or one that is unknown
     */
    static PatternLine of(String pattern) {
        PatternLine line = new PatternLine(pattern);
        int at = 0;
        for (int start = pattern.indexOf("%{"); start >= 0; start = pattern.indexOf("%{", at)) {
            int end = pattern.indexOf('}', start);
            if (end < 0) {
                throw new IllegalArgumentException(EXPECTED);
            }
            LogField field = LogField.of(pattern.substring(start + 2, end));
            line.pieces.add(new Piece(pattern.substring(at, start), Optional.of(field)));
            at = end + 1;
        }
        if (line.pieces.isEmpty() || pattern.chars().anyMatch(c -> c == '\n' || c == '\r')) {
            throw new IllegalArgumentException(EXPECTED);
        }
        line.pieces.add(new Piece(pattern.substring(at), Optional.empty()));
        return line;
    }

    @Override
    public String of(LogField.Entry entry) {
        StringBuilder line = new StringBuilder(256);
        for (Piece piece : pieces) {
            line.append(piece.text);
            piece.field.ifPresent(field -> {
                Optional<?> value = field.source().value(entry);
                append(value.isPresent() ? String.valueOf(value.get()) : "-", line);
            });
        }
        return line.toString();
    }

    private static void append(String value, StringBuilder line) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || (c >= 0x7f && c < 0xa0) || c > 0xff) {
                line.append(String.format(c > 0xff ? "\\u%04x" : "\\x%02x", (int) c));
            } else {
                line.append(c);
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PatternLine line && line.pattern.equals(pattern);
    }

    @Override
    public int hashCode() {
        return pattern.hashCode();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
