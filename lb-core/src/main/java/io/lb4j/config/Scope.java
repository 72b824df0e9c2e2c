package io.lb4j.config;

import java.util.Collection;

/**
 * A place in the configuration's tree, to which faults are reported. Immutable but for the faults it passes on.
 *
 * @param path the place: {@code listeners.main}; empty for the root
 * @param faults takes what is reported
 * @param parts the code that the configuration may name
 */
public record Scope(String path, Faults faults, PartCatalog parts) {
    /** Returns the root of a tree. */
    public static Scope root(Faults faults, PartCatalog parts) {
        return new Scope("", faults, parts);
    }

    /** Returns the place of an option or of a named element below this one. */
    public Scope at(String key) {
        return new Scope(path.isEmpty() ? key : path + "." + key, faults, parts);
    }

    /** Returns the place of an element of a list. */
    public Scope at(int index) {
        return new Scope(path + "[" + index + "]", faults, parts);
    }

    /** Reports a fault at this place. */
    public void report(Fault.Code code, String seen, String expected, Origin origin) {
        faults.add(Fault.of(path, code, seen, expected, origin));
    }

    /**
     * Reports a name that refers to nothing, or a key that is unknown, with the nearest of those that would have been valid.
     *
     * @param name what was seen
     */
    public void reportUnknown(Fault.Code code, String name, String expected, Collection<String> valid, Origin origin) {
        String seen = code == Fault.Code.UNKNOWN_KEY ? "unknown key" : Text.quote(name);
        faults.add(new Fault(path, code, seen, expected, origin, NearestName.of(name, valid)));
    }
}
