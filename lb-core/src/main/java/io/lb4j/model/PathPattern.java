package io.lb4j.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The paths that a route serves. Immutable.
 *
 * <p>A text is read by these rules:
 * <ul>
 *   <li>{@code /a/b} matches exactly this path; {@code /a/b/} is another one.
 *   <li>{@code /api/**} matches {@code /api} and everything below it, segment by segment: {@code /api/x}, not {@code /apix}. {@code /**}
 *       matches every path.
 *   <li>{@code /users/{id}/orders/*} is a template: {@code {id}} and {@code *} match one segment that is not empty; a template may end
 *       in {@code /**}.
 * </ul>
 * {@code *}, {@code **} and {@code {name}} stand for whole segments only. {@link #regex} makes a pattern of a regular expression that has
 * to match the whole path.
 */
public final class PathPattern {
    /** The pattern that matches every path. */
    public static final PathPattern ANY = of("/**");

    /** The kinds of patterns. */
    public enum Kind {
        /** One path. */
        EXACT,
        /** A path and everything below it. */
        PREFIX,
        /** Segments, some of them variable. */
        TEMPLATE,
        /** A regular expression. */
        REGEX
    }

    /**
     * One segment of a template.
     *
     * @param text a literal, or the name of a variable; empty for {@code *}
     * @param variable whether any text matches
     */
    public record Segment(String text, boolean variable) {}

    private static final String REST = "**";

    private final Kind kind;
    private final String text;
    private final List<Segment> segments;
    private final boolean open;
    private final Optional<Regex> regex;

    private PathPattern(Kind kind, String text, List<Segment> segments, boolean open, Optional<Regex> regex) {
        this.kind = kind;
        this.text = text;
        this.segments = List.copyOf(segments);
        this.open = open;
        this.regex = regex;
    }

    /**
     * Reads a pattern by the rules above.
     *
     * @throws IllegalArgumentException if it is none; the message says what was expected
     */
    public static PathPattern of(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path that begins with /");
        }
        List<Segment> segments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        String[] parts = text.substring(1).split("/", -1);
        boolean open = parts[parts.length - 1].equals(REST);
        boolean variable = false;
        for (int i = 0; i < parts.length - (open ? 1 : 0); i++) {
            Segment segment = segment(parts[i], i == parts.length - 1);
            if (segment.variable() && !segment.text().isEmpty() && !names.add(segment.text())) {
                throw new IllegalArgumentException("each variable once, not {" + segment.text() + "} twice");
            }
            variable |= segment.variable();
            segments.add(segment);
        }
        Kind closed = open ? Kind.PREFIX : Kind.EXACT;
        return new PathPattern(variable ? Kind.TEMPLATE : closed, text, segments, open, Optional.empty());
    }

    /**
     * Makes a pattern of a regular expression, which has to match the whole path.
     *
     * @throws IllegalArgumentException if it has a wrong syntax; the message says what and where
     */
    public static PathPattern regex(String expression) {
        return new PathPattern(Kind.REGEX, expression, List.of(), false, Optional.of(Regex.of(expression)));
    }

    private static Segment segment(String part, boolean last) {
        if (part.equals("*")) {
            return new Segment("", true);
        }
        if (part.startsWith("{") && part.endsWith("}")) {
            String name = part.substring(1, part.length() - 1);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                throw new IllegalArgumentException("a variable named by letters, digits and _, such as {id}");
            }
            return new Segment(name, true);
        }
        if (part.isEmpty() && !last) {
            throw new IllegalArgumentException("no empty segment (//)");
        }
        if (part.matches("(?i)(\\.|%2e){1,2}")) {
            throw new IllegalArgumentException("no segment that is . or ..");
        }
        if (part.chars().anyMatch(c -> "*{}".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("*, ** (last) and {name} as whole segments only");
        }
        if (part.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || "?#\\".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("visible ASCII characters without ?, # and \\; others percent-encoded");
        }
        PathTemplate.requireEncoding(part);
        return new Segment(part, false);
    }

    /** Returns the kind of pattern. */
    public Kind kind() {
        return kind;
    }

    /** Returns the segments without the {@code **} at the end; {@code /a/} has an empty one at its end. None for a regular expression. */
    public List<Segment> segments() {
        return segments;
    }

    /** Returns whether it ends in {@code /**}. */
    public boolean isOpen() {
        return open;
    }

    /** Returns the regular expression of a pattern of that kind. */
    public Optional<Regex> regex() {
        return regex;
    }

    /** Returns the names of what a rewrite can refer to: a template's variables, and {@code **} for what an open end matched. */
    public Set<String> variables() {
        Set<String> names = new HashSet<>();
        for (Segment segment : segments) {
            if (segment.variable() && !segment.text().isEmpty()) {
                names.add(segment.text());
            }
        }
        if (open) {
            names.add(REST);
        }
        return Set.copyOf(names);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathPattern pattern && pattern.kind == kind && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
