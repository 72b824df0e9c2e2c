package io.lb4j.http3;

import java.util.List;

/** The sockets that one configuration of a listener's HTTP/3 has bound, and what their connections are known by. Thread-safe. */
final class Generation {
    private final ConnectionIds ids;
    private final List<Junction> junctions; // by the number of their event loop
    private volatile boolean begun;

    /**
     * Creates one that has not begun.
     *
     * @param junctions of its sockets, by the number of their event loop
     */
    Generation(ConnectionIds ids, List<Junction> junctions) {
        this.ids = ids;
        this.junctions = List.copyOf(junctions);
    }

    ConnectionIds ids() {
        return ids;
    }

    /** Returns the sockets' junctions, by the number of their event loop. */
    List<Junction> junctions() {
        return junctions;
    }

    /** Takes new connections from now on. */
    void begin() {
        begun = true;
    }

    /** Returns whether it takes new connections, if no later one does. */
    boolean hasBegun() {
        return begun;
    }
}
