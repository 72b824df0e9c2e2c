package io.lb4j.config;

import java.util.Optional;

/**
 * One thing that is wrong with a configuration. Immutable.
 *
 * @param path where in the tree: {@code listeners.main.port}
 * @param code what kind of fault
 * @param seen the value as it was seen, or what stands in its place ({@code missing}); never a secret
 * @param expected what would have been right
 * @param origin where the value came from
 * @param nearest the valid key or name that is closest to what was seen
 */
public record Fault(String path, Code code, String seen, String expected, Origin origin, Optional<String> nearest) {
    /** The kinds of faults. */
    public enum Code {
        /** The value's form or range is wrong. */
        INVALID,
        /** A value that is required is not there. */
        MISSING,
        /** The key is not one of its section. */
        UNKNOWN_KEY,
        /** The value is a text where a section is expected, or the like. */
        WRONG_SHAPE,
        /** The name refers to nothing. */
        UNKNOWN_NAME,
        /** The name, or the address, is taken. */
        DUPLICATE,
        /** Values that exclude each other. */
        CONFLICT,
        /** A file that cannot be read, or is not written as its kind of file is. */
        UNREADABLE
    }

    /** Creates a fault for which there is no nearest name. */
    public static Fault of(String path, Code code, String seen, String expected, Origin origin) {
        return new Fault(path, code, seen, expected, origin, Optional.empty());
    }

    /** Returns path, value and expectation: {@code listeners.main.port: 70000 (expected: 0..65535)}. */
    public String message() {
        String hint = nearest.map(name -> "; did you mean \"" + name + "\"?").orElse("");
        String place = path.isEmpty() ? "" : path + ": ";
        return place + seen + " (expected: " + expected + hint + ")";
    }

    /** Returns the message with the value's origin, where that is known. */
    @Override
    public String toString() {
        return origin == Origin.byDefault() ? message() : message() + " [" + origin + "]";
    }
}
