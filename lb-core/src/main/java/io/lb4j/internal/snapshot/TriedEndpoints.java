package io.lb4j.internal.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The endpoints that one exchange has tried, so that a retry goes elsewhere. Confined to the exchange's event loop; used again. */
public final class TriedEndpoints {
    private @Nullable EndpointState[] states = new EndpointState[4];
    private int size;

    /** Adds an endpoint. */
    public void add(EndpointState state) {
        if (size == states.length) {
            states = Arrays.copyOf(states, size * 2);
        }
        states[size++] = state;
    }

    /** Returns whether an endpoint was tried. */
    public boolean contains(EndpointState state) {
        for (int i = 0; i < size; i++) {
            if (states[i] == state) {
                return true;
            }
        }
        return false;
    }

    /** Forgets all, and lets them go. */
    public void clear() {
        Arrays.fill(states, 0, size, null);
        size = 0;
    }
}
