package io.lb4j.model;

import org.jspecify.annotations.Nullable;

/**
 * The paths that a plugin works on, as a pattern over the whole path, without the query. Immutable and thread-safe.
 *
 * <ul>
 *   <li>{@code *} stands for any characters within one segment, none included: {@code /api/v1/*} matches {@code /api/v1/users}, not
 *       {@code /api/v1/users/7}.
 *   <li>{@code **} stands for any characters, slashes included: {@code /api/**} matches {@code /api}, {@code /api/} and everything below;
 *       {@code **.php} matches at any depth.
 *   <li>{@code ?} stands for one character that is not a slash. All others stand for themselves; case counts.
 * </ul>
 *
 * <p>Matching takes time in proportion to the path's length, whatever the pattern: all places in the pattern are followed at once, one bit
 * for each (Baeza-Yates and Gonnet, 1992).
 */
public final class PathGlob {
    private static final int MAX_TOKENS = 63;
    private static final int CHARACTERS = 128;

    private final String text;
    private final String literal; // what comes before the first wildcard
    private final @Nullable PathGlob parent; // of a pattern that ends in /**: the path itself
    private final long[] advances = new long[CHARACTERS]; // bit n: this character takes token n to the next
    private long anyInSegment; // bit n: token n is ?
    private long star; // bit n: token n is *
    private long doubleStar;
    private int tokens;

    private PathGlob(String text) {
        this.text = text;
        int first = firstWildcard(text);
        literal = text.substring(0, first);
        for (int i = first; i < text.length(); i++) {
            i += addToken(i);
        }
        parent = text.length() > 3 && text.endsWith("/**") ? new PathGlob(text.substring(0, text.length() - 3)) : null;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none; the message says what was expected
     */
    public static PathGlob of(String text) {
        if (!text.startsWith("/") && !text.startsWith("**")) {
            throw new IllegalArgumentException("a path that begins with / or **");
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException("visible ASCII characters; others percent-encoded");
        }
        if (text.contains("***")) {
            throw new IllegalArgumentException("* within a segment, or ** across segments");
        }
        if (text.length() - firstWildcard(text) > MAX_TOKENS) {
            throw new IllegalArgumentException("at most " + MAX_TOKENS + " characters from the first wildcard on");
        }
        return new PathGlob(text);
    }

    private static int firstWildcard(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) != '*' && text.charAt(i) != '?') {
            i++;
        }
        return i;
    }

    /** Returns how many characters beyond the first the token takes. */
    private int addToken(int at) {
        long bit = 1L << tokens++;
        char c = text.charAt(at);
        if (c == '?') {
            anyInSegment |= bit;
        } else if (c != '*') {
            advances[c] |= bit;
        } else if (text.startsWith("**", at)) {
            doubleStar |= bit;
            return 1;
        } else {
            star |= bit;
        }
        return 0;
    }

    /** Returns whether a path matches. */
    public boolean matches(String path) {
        if (path.startsWith(literal)) {
            if (tokens == 0) {
                return path.length() == literal.length();
            }
            if (follow(path)) {
                return true;
            }
        }
        return parent != null && parent.matches(path);
    }

    private boolean follow(String path) {
        long stars = star | doubleStar;
        long places = skipStars(1, stars);
        for (int i = literal.length(); i < path.length() && places != 0; i++) {
            char c = path.charAt(i);
            long next = (places & doubleStar) | (c < CHARACTERS ? (places & advances[c]) << 1 : 0);
            if (c != '/') {
                next |= (places & star) | ((places & anyInSegment) << 1);
            }
            places = skipStars(next, stars);
        }
        return (places >>> tokens & 1) != 0;
    }

    /** A star may stand for nothing: a place before it is a place behind it too. */
    private static long skipStars(long places, long stars) {
        return places | (places & stars) << 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathGlob glob && glob.text.equals(text);
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
