package io.lb4j.internal.accept;

import io.lb4j.internal.loop.LoopContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The open connections of one listener on one event loop. Confined to that loop, but for {@link #loop()} and {@link #counts()}. */
final class LoopConnections {
    private final LoopContext loop;
    private final LoopCounts counts;
    private @Nullable AcceptedConnection first;
    private boolean draining;

    LoopConnections(LoopContext loop, LoopCounts counts) {
        this.loop = loop;
        this.counts = counts;
    }

    LoopContext loop() {
        return loop;
    }

    LoopCounts counts() {
        return counts;
    }

    void add(AcceptedConnection connection) {
        AcceptedConnection head = first;
        connection.next = head;
        if (head != null) {
            head.previous = connection;
        }
        first = connection;
        counts.add(LoopCounts.ACCEPTED, 1);
    }

    void remove(AcceptedConnection connection) {
        AcceptedConnection next = connection.next;
        AcceptedConnection previous = connection.previous;
        if (previous == null) {
            first = next;
        } else {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        connection.next = null;
        connection.previous = null;
        counts.add(LoopCounts.CLOSED, 1);
    }

    /** Returns whether {@link #drain} was called: a connection that comes to be open only now is drained as well. */
    boolean isDraining() {
        return draining;
    }

    void drain() {
        draining = true;
        forEach(AcceptedConnection::drain);
    }

    void closeAll() {
        draining = true;
        forEach(AcceptedConnection::close);
    }

    private void forEach(Consumer<AcceptedConnection> action) {
        AcceptedConnection connection = first;
        while (connection != null) {
            AcceptedConnection next = connection.next; // the action may take the connection out
            action.accept(connection);
            connection = next;
        }
    }
}
