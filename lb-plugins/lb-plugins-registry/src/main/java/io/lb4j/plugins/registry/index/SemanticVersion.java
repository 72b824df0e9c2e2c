package io.lb4j.plugins.registry.index;

import org.semver4j.Semver;
import org.semver4j.SemverException;

/** A version by the rules of semantic versioning 2.0.0. Immutable. Ordered by precedence, which leaves what was built out; equal only where the texts are. */
public final class SemanticVersion implements Comparable<SemanticVersion> {
    private static final int LONGEST = 256;

    private final Semver version;

    private SemanticVersion(Semver version) {
        this.version = version;
    }

    /**
     * Reads a version.
     *
     * @throws IllegalArgumentException if it is none, or a number in it is beyond 2,147,483,647
     */
    public static SemanticVersion parse(String text) {
        if (text.length() <= LONGEST) {
            try {
                Semver version = new Semver(text);
                if (version.getVersion().equals(text)) { // it takes spaces and a v as well
                    return new SemanticVersion(version);
                }
            } catch (SemverException e) {
                throw new IllegalArgumentException(message(text), e);
            }
        }
        throw new IllegalArgumentException(message(text));
    }

    private static String message(String text) {
        return "version: \"" + text + "\" (expected: such as 1.2.3 or 2.0.0-rc.1)";
    }

    Semver semver() {
        return version;
    }

    @Override
    public int compareTo(SemanticVersion other) {
        return version.compareTo(other.version);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SemanticVersion one && one.toString().equals(toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return version.getVersion();
    }
}
