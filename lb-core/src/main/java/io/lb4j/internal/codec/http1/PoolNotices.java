package io.lb4j.internal.codec.http1;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.spi.ClientConnection;
import org.jspecify.annotations.Nullable;

/** What a pool is told of a connection: that it drains and that it is closed, each once. Confined to the connection's event loop. */
final class PoolNotices {
    private final ClientConnection connection;
    private final ClientConnection.Events events;
    private @Nullable ProxyException reason; // why it closes; the first one counts
    private boolean isDrainingTold;
    private boolean isClosedTold;

    PoolNotices(ClientConnection connection, ClientConnection.Events events) {
        this.connection = connection;
        this.events = events;
    }

    void capacity() {
        events.onCapacity(connection);
    }

    void draining() {
        if (!isDrainingTold && reason == null) {
            isDrainingTold = true;
            events.onDraining(connection);
        }
    }

    /** Notes why the connection closes, before it does. */
    void closing(ProxyException newReason) {
        if (reason == null) {
            reason = newReason;
        }
    }

    void closed() {
        if (isClosedTold) {
            return;
        }
        isClosedTold = true;
        ProxyException known = reason;
        events.onClosed(
                connection,
                known != null ? known : new ProxyException(Kind.UPSTREAM_CLOSED, "endpoint: closed the connection"));
    }
}
