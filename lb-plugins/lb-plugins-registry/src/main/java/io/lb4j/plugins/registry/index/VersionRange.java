package io.lb4j.plugins.registry.index;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Versions that would do, as npm writes them: {@code 1.2.3}, {@code ^1.2}, {@code ~1.2.3}, {@code 1.x}, {@code >=1.2 <2}, {@code *}, and several of these with {@code ||}. A pre-release
 * would do only where the range names one of the same three numbers. Immutable.
 */
public final class VersionRange {
    private static final String EXPECTED = "such as ^1.2, ~1.2.3, 1.x, or >=1.2 <2";
    private static final Pattern COMPARISON = Pattern.compile("(\\^|~|>=|<=|>|<|=|)\\s*v?([0-9xX*][0-9A-Za-z.+*-]*)");
    private static final Pattern PARTIAL =
            Pattern.compile("([0-9]+|[xX*])(?:\\.([0-9]+|[xX*]))?(?:\\.([0-9]+|[xX*]))?");

    private final String text;
    private final List<List<Bound>> alternatives;

    /** One side of a range. */
    private record Bound(boolean isLower, boolean isIncluded, SemanticVersion version) {
        boolean admits(SemanticVersion candidate) {
            int order = candidate.compareTo(version);
            return (order == 0 && isIncluded) || (isLower ? order > 0 : order < 0);
        }
    }

    private VersionRange(String text, List<List<Bound>> alternatives) {
        this.text = text;
        this.alternatives = alternatives;
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static VersionRange parse(String text) {
        List<List<Bound>> alternatives = new ArrayList<>();
        for (String alternative : text.split("\\|\\|", -1)) {
            List<Bound> bounds = new ArrayList<>();
            Matcher comparison = COMPARISON.matcher(alternative.strip());
            int end = 0;
            while (comparison.find(end) && comparison.start() == end) {
                bounds.addAll(bounds(comparison.group(1), comparison.group(2)));
                end = skipSpace(alternative.strip(), comparison.end());
            }
            if (end == 0 || end < alternative.strip().length()) {
                throw wrong(text);
            }
            alternatives.add(List.copyOf(bounds));
        }
        return new VersionRange(text.strip(), List.copyOf(alternatives));
    }

    private static int skipSpace(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) == ' ') {
            end++;
        }
        return end;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("range: \"" + text + "\" (expected: " + EXPECTED + ")");
    }

    /** Returns the range that admits nothing but one version. */
    public static VersionRange exactly(SemanticVersion version) {
        return parse(version.toString());
    }

    private static List<Bound> bounds(String operator, String operand) {
        Matcher partial = PARTIAL.matcher(operand);
        if (!partial.matches()) {
            SemanticVersion version = SemanticVersion.parse(operand);
            return bounds(operator, version, 3);
        }
        long[] numbers = new long[3];
        int known = 0;
        for (int i = 0; i < 3; i++) {
            String part = partial.group(i + 1);
            if (part == null || !Character.isDigit(part.charAt(0))) {
                break;
            }
            numbers[i] = Long.parseLong(part);
            known++;
        }
        return bounds(operator, SemanticVersion.of(numbers[0], numbers[1], numbers[2]), known);
    }

    /** Returns the bounds that an operator makes of a version of which so many numbers are known. */
    private static List<Bound> bounds(String operator, SemanticVersion version, int known) {
        Bound from = new Bound(true, true, version);
        if (known == 0) {
            return List.of(new Bound(true, true, SemanticVersion.of(0, 0, 0)));
        }
        return switch (operator) {
            case "^" -> List.of(from, before(next(version, caretPosition(version, known))));
            case "~" -> List.of(from, before(next(version, Math.min(known, 2))));
            case ">=" -> List.of(from);
            case ">" ->
                List.of(known == 3 ? new Bound(true, false, version) : new Bound(true, true, next(version, known)));
            case "<" -> List.of(before(version));
            case "<=" -> List.of(known == 3 ? new Bound(false, true, version) : before(next(version, known)));
            default ->
                known == 3
                        ? List.of(from, new Bound(false, true, version))
                        : List.of(from, before(next(version, known)));
        };
    }

    private static Bound before(SemanticVersion version) {
        return new Bound(false, false, version);
    }

    /** The number that may not change: the first that is not zero. */
    private static int caretPosition(SemanticVersion version, int known) {
        if (version.major() > 0 || known == 1) {
            return 1;
        }
        return version.minor() > 0 || known == 2 ? 2 : 3;
    }

    /** Returns the first version whose number at a position (from 1) is higher. */
    private static SemanticVersion next(SemanticVersion version, int position) {
        return switch (position) {
            case 1 -> SemanticVersion.of(version.major() + 1, 0, 0);
            case 2 -> SemanticVersion.of(version.major(), version.minor() + 1, 0);
            default -> SemanticVersion.of(version.major(), version.minor(), version.patch() + 1);
        };
    }

    /** Returns whether a version would do. */
    public boolean admits(SemanticVersion version) {
        return alternatives.stream().anyMatch(bounds -> admits(bounds, version));
    }

    private static boolean admits(List<Bound> bounds, SemanticVersion version) {
        boolean isNamed = bounds.stream()
                .map(Bound::version)
                .anyMatch(bound -> bound.isPreRelease() && bound.hasSameNumbers(version));
        return (!version.isPreRelease() || isNamed) && bounds.stream().allMatch(bound -> bound.admits(version));
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
