package io.lb4j.discovery;

import io.lb4j.model.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What part of a registry holds. Immutable.
 *
 * @param endpoints those that can be used
 * @param leftOut how many entries cannot be understood
 */
public record Entries(List<Endpoint> endpoints, int leftOut) {
    /** Nothing. */
    public static final Entries NONE = new Entries(List.of(), 0);

    /** One entry that cannot be understood. */
    public static final Entries LEFT_OUT = new Entries(List.of(), 1);

    /** Copies the list. */
    public Entries {
        endpoints = List.copyOf(endpoints);
    }

    /** Returns one entry that can be used. */
    public static Entries of(Endpoint endpoint) {
        return new Entries(List.of(endpoint), 0);
    }

    /** Returns several together. */
    public static Entries join(Collection<Entries> several) {
        List<Endpoint> endpoints = new ArrayList<>(several.size());
        int leftOut = 0;
        for (Entries entries : several) {
            endpoints.addAll(entries.endpoints);
            leftOut += entries.leftOut;
        }
        return new Entries(endpoints, leftOut);
    }
}
