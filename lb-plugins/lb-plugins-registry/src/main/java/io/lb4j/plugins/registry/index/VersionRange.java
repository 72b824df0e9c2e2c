package io.lb4j.plugins.registry.index;

import java.util.regex.Pattern;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/**
 * Versions that would do, as npm writes them: {@code 1.2.3}, {@code ^1.2}, {@code ~1.2.3}, {@code 1.x}, {@code >=1.2 <2}, {@code *}, and several of these with {@code ||}. A pre-release
 * would do only where the range names one of the same three numbers. Immutable.
 */
public final class VersionRange {
    private static final int LONGEST = 256;
    private static final String EXPECTED = "such as ^1.2, ~1.2.3, 1.x, or >=1.2 <2";

    private static final String PART = "(?:[0-9]{1,9}|[xX*])";
    private static final String VERSION = PART + "(?:\\." + PART + "(?:\\." + PART + "(?:[-+][0-9A-Za-z.+-]+)?)?)?";
    private static final String COMPARISON = "(?:\\^|~|>=|<=|>|<|=)?\\s*" + VERSION;
    private static final String ALTERNATIVE = COMPARISON + "(?:\\s+" + COMPARISON + ")*";

    /** What is not of this form the library takes for any version. */
    private static final Pattern FORM = Pattern.compile(ALTERNATIVE + "(?:\\s*\\|\\|\\s*" + ALTERNATIVE + ")*");

    private final String text;
    private final RangeList ranges;

    private VersionRange(String text, RangeList ranges) {
        this.text = text;
        this.ranges = ranges;
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static VersionRange parse(String text) {
        String range = text.strip();
        if (range.length() > LONGEST || !FORM.matcher(range).matches()) {
            throw new IllegalArgumentException("range: \"" + text + "\" (expected: " + EXPECTED + ")");
        }
        return new VersionRange(range, RangeListFactory.create(range));
    }

    /** Returns whether a version would do. */
    public boolean admits(SemanticVersion version) {
        return version.semver().satisfies(ranges);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionRange range && range.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
