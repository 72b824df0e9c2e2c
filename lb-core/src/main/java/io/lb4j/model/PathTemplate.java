package io.lb4j.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A path to be made of what a route's pattern matched: {@code /v2/{id}/{**}}. {@code {name}} stands for a variable of the pattern,
 * {@code {**}} for what its open end matched, without the slash before it. Immutable.
 */
public final class PathTemplate {
    /**
     * A piece of the path.
     *
     * @param text a literal, or the name of a variable
     * @param variable which of both
     */
    public record Piece(String text, boolean variable) {}

    private static final Pattern BROKEN_ENCODING = Pattern.compile("%(?![0-9A-Fa-f]{2})|%00");

    private final String text;
    private final List<Piece> pieces;

    private PathTemplate(String text, List<Piece> pieces) {
        this.text = text;
        this.pieces = List.copyOf(pieces);
    }

    /**
     * Reads a template.
     *
     * @throws IllegalArgumentException if it is none; the message says what was expected
     */
    public static PathTemplate of(String text) {
        requirePath(text);
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int open = text.indexOf('{', from);
            int literalEnd = open < 0 ? text.length() : open;
            if (literalEnd > from) {
                pieces.add(new Piece(text.substring(from, literalEnd), false));
            }
            if (open < 0) {
                break;
            }
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("every { closed by a }");
            }
            pieces.add(new Piece(text.substring(open + 1, close), true));
            from = close + 1;
        }
        return new PathTemplate(text, pieces);
    }

    /**
     * Checks a path that is to be put in place of another one.
     *
     * @throws IllegalArgumentException if it does not begin with one slash, or holds what cannot stand in a path
     */
    static String requirePath(String text) {
        // A target that begins with two slashes is a reference to another host (RFC 3986 §4.2).
        if (!text.startsWith("/") || text.startsWith("//")) {
            throw new IllegalArgumentException("a path that begins with one /");
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || "?#\\".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("visible ASCII characters without ?, # and \\; others percent-encoded");
        }
        requireEncoding(text);
        return text;
    }

    /**
     * Checks that each percent sign encodes something, and not NUL.
     *
     * @throws IllegalArgumentException otherwise
     */
    static void requireEncoding(String text) {
        if (BROKEN_ENCODING.matcher(text).find()) {
            throw new IllegalArgumentException("two hexadecimal digits after each %, and no %00");
        }
    }

    /** Returns the pieces in order. */
    public List<Piece> pieces() {
        return pieces;
    }

    /** Returns the names of the variables. */
    public Set<String> variables() {
        return pieces.stream().filter(Piece::variable).map(Piece::text).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathTemplate template && template.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the template as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
