package io.lb4j.plugins.registry.index;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version by the rules of semantic versioning 2.0.0. Immutable. Ordered by precedence, which leaves what was built out.
 *
 * @param major changes that break
 * @param minor additions
 * @param patch corrections
 * @param preRelease identifiers of a version that is yet to become this one; empty if it is this one
 * @param build what is known of its making
 */
public record SemanticVersion(long major, long minor, long patch, List<String> preRelease, String build)
        implements Comparable<SemanticVersion> {
    private static final String NUMBER = "(0|[1-9][0-9]{0,14})";
    private static final Pattern VERSION = Pattern.compile(
            NUMBER + "\\." + NUMBER + "\\." + NUMBER + "(?:-([0-9A-Za-z.-]{1,128}))?(?:\\+([0-9A-Za-z.-]{1,128}))?");
    private static final Pattern IDENTIFIER = Pattern.compile("0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /** Copies the identifiers. */
    public SemanticVersion {
        preRelease = List.copyOf(preRelease);
    }

    /** Creates a version that is no pre-release. */
    static SemanticVersion of(long major, long minor, long patch) {
        return new SemanticVersion(major, minor, patch, List.of(), "");
    }

    /**
     * Reads a version.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static SemanticVersion parse(String text) {
        Matcher parts = VERSION.matcher(text);
        boolean valid = parts.matches();
        String identifiers = valid ? parts.group(4) : null;
        List<String> preRelease = identifiers == null ? List.of() : List.of(identifiers.split("\\.", -1));
        if (!valid
                || !preRelease.stream()
                        .allMatch(each -> IDENTIFIER.matcher(each).matches())) {
            throw new IllegalArgumentException("version: \"" + text + "\" (expected: such as 1.2.3 or 2.0.0-rc.1)");
        }
        String build = parts.group(5);
        return new SemanticVersion(
                Long.parseLong(parts.group(1)),
                Long.parseLong(parts.group(2)),
                Long.parseLong(parts.group(3)),
                preRelease,
                build == null ? "" : build);
    }

    /** Returns whether it is yet to become a version. */
    public boolean isPreRelease() {
        return !preRelease.isEmpty();
    }

    boolean hasSameNumbers(SemanticVersion other) {
        return major == other.major && minor == other.minor && patch == other.patch;
    }

    @Override
    public int compareTo(SemanticVersion other) {
        int numbers = compareNumbers(other);
        if (numbers != 0) {
            return numbers;
        }
        if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
            return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
        }
        for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
            int identifiers = compare(preRelease.get(i), other.preRelease.get(i));
            if (identifiers != 0) {
                return identifiers;
            }
        }
        return Integer.compare(preRelease.size(), other.preRelease.size());
    }

    private int compareNumbers(SemanticVersion other) {
        int byMajor = Long.compare(major, other.major);
        int byMinor = byMajor != 0 ? byMajor : Long.compare(minor, other.minor);
        return byMinor != 0 ? byMinor : Long.compare(patch, other.patch);
    }

    /** Semantic versioning, item 11: numbers by value, and before texts. */
    private static int compare(String one, String other) {
        boolean isNumber = DIGITS.matcher(one).matches();
        boolean isOtherNumber = DIGITS.matcher(other).matches();
        if (isNumber && isOtherNumber) {
            return new BigInteger(one).compareTo(new BigInteger(other));
        }
        return isNumber == isOtherNumber ? one.compareTo(other) : isNumber ? -1 : 1;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch
                + (preRelease.isEmpty() ? "" : "-" + String.join(".", preRelease))
                + (build.isEmpty() ? "" : "+" + build);
    }
}
