package io.lb4j.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of {@link Pattern}'s syntax that can be compared. Immutable.
 *
 * <p>It is run against what clients send, on event loops: nested repetitions such as {@code (a+)+} can take very long there.
 */
public final class Regex {
    private final Pattern pattern;

    private Regex(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException if it has a wrong syntax; the message says what and where
     */
    public static Regex of(String expression) {
        try {
            return new Regex(Pattern.compile(expression));
        } catch (PatternSyntaxException e) {
            String where = e.getIndex() < 0 ? "" : " at character " + (e.getIndex() + 1);
            throw new IllegalArgumentException(
                    "a regular expression; this has a fault" + where + ": " + e.getDescription(), e);
        }
    }

    /** Returns the compiled expression. */
    public Pattern pattern() {
        return pattern;
    }

    /** Returns what is wrong with a replacement text for this expression, as what was expected instead; empty if nothing is. */
    Optional<String> faultOf(String replacement) {
        // Appended to an alternative that always matches, so that the replacement is tried with all groups of the
        // expression there.
        Matcher matcher = Pattern.compile("(?:" + pattern.pattern() + ")|", pattern.flags())
                .matcher("");
        try {
            matcher.replaceFirst(replacement);
            return Optional.empty();
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return Optional.of("a replacement for groups that regex has; " + e.getMessage());
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex regex && regex.pattern.pattern().equals(pattern.pattern());
    }

    @Override
    public int hashCode() {
        return pattern.pattern().hashCode();
    }

    /** Returns the expression. */
    @Override
    public String toString() {
        return pattern.pattern();
    }
}
