package io.lb4j.internal.upstream;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.error.ProxyException.Delivery;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.spi.ClientConnection;

/**
 * Holds a new connection of HTTP/2 back until the endpoint's SETTINGS have come: only then is it known that the endpoint speaks
 * HTTP/2 at all, and how many streams it allows. Until then nothing was asked of it, so that whatever goes wrong is a failure to connect.
 * Confined to the connection's event loop.
 */
final class Greeting implements ClientConnection.Events {
    private final ClientConnection.Events events;
    private final Connector.Outcome outcome;
    private final String address;
    private boolean isOver;

    /**
     * Creates a greeting that is awaited.
     *
     * @param events hears of the connection once it is greeted
     * @param outcome hears how it went
     * @param address of the endpoint
     */
    Greeting(ClientConnection.Events events, Connector.Outcome outcome, String address) {
        this.events = events;
        this.outcome = outcome;
        this.address = address;
    }

    @Override
    public void onCapacity(ClientConnection connection) {
        if (isOver) {
            events.onCapacity(connection);
            return;
        }
        isOver = true;
        outcome.onConnected(connection);
    }

    @Override
    public void onDraining(ClientConnection connection) {
        if (isOver) {
            events.onDraining(connection);
        }
    }

    @Override
    public void onClosed(ClientConnection connection, ProxyException reason) {
        if (isOver) {
            events.onClosed(connection, reason);
            return;
        }
        isOver = true;
        outcome.onFailed(new ProxyException(
                Kind.CONNECT_FAILED,
                Delivery.UNPROCESSED,
                address + ": no SETTINGS of HTTP/2: " + reason.getMessage(),
                reason.getCause()));
    }
}
