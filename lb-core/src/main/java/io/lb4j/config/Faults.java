package io.lb4j.config;

import java.util.ArrayList;
import java.util.List;

/** Gathers faults while a configuration is read and checked. Confined to one thread. */
public final class Faults {
    private final List<Fault> found = new ArrayList<>();

    /** Creates an empty collection. */
    public Faults() {}

    /** Adds a fault. */
    public void add(Fault fault) {
        found.add(fault);
    }

    /** Returns whether there is none. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** Returns what was found so far. */
    public List<Fault> all() {
        return List.copyOf(found);
    }

    /**
     * Does nothing if there is no fault.
     *
     * @throws ConfigurationException with all faults otherwise
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationException(found);
        }
    }
}
