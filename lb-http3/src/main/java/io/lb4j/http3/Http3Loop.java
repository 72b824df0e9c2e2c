package io.lb4j.http3;

import io.lb4j.http.Fields;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A listener's HTTP/3 on one event loop: its socket, its connections, and what they use in turn. Confined to that loop. */
final class Http3Loop {
    private final Http3Plan plan;
    private final EventLoop eventLoop;
    private final Set<Http3ServerConnection> connections = new LinkedHashSet<>();
    private final Map<SocketAddress, Http3ServerConnection> handshakes = new HashMap<>(); // by the client's address
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final RequestReader requests = new RequestReader();
    private final FieldOctets field = new FieldOctets();
    private final Fields trailers = new Fields();
    private final Detours detours;
    private final Strangers strangers;
    private boolean draining;
    private boolean evicting;

    Http3Loop(Http3Plan plan, EventLoop eventLoop) {
        this.plan = plan;
        this.eventLoop = eventLoop;
        strangers = new Strangers(handshakes::containsKey, plan.figures());
        detours = new Detours(strangers, plan.figures());
    }

    Http3Plan plan() {
        return plan;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    RequestReader requests() {
        return requests;
    }

    FieldOctets field() {
        return field;
    }

    Fields trailers() {
        return trailers;
    }

    Strangers strangers() {
        return strangers;
    }

    Detours detours() {
        return detours;
    }

    boolean isDraining() {
        return draining;
    }

    void add(Http3ServerConnection connection) {
        connections.add(connection);
    }

    void remove(Http3ServerConnection connection) {
        connections.remove(connection);
        tellDrained();
    }

    /** A client has begun a handshake. */
    void onHandshake(SocketAddress client, Http3ServerConnection connection) {
        handshakes.put(client, connection);
    }

    void onHandshakeEnded(SocketAddress client, Http3ServerConnection connection) {
        handshakes.remove(client, connection);
    }

    /** A client has sent packets of 0-RTT. */
    void onEarlyPackets(SocketAddress client) {
        Http3ServerConnection connection = handshakes.get(client);
        if (connection != null) {
            connection.handshake().onEarlyPackets();
        }
    }

    /** More is kept for all clients than may be: of this loop's, the one for whom it is most has to go. */
    void onTooMuchKept() {
        if (!evicting) {
            evicting = true;
            eventLoop.execute(this::evict); // what is being read goes on first
        }
    }

    private void evict() {
        evicting = false;
        if (plan.kept().get() > plan.settings().value(Http3Options.MAX_MEMORY_TOTAL)) {
            connections.stream()
                    .max(Comparator.comparingLong(
                            connection -> connection.memory().octets()))
                    .ifPresent(connection -> connection.endFor(
                            Figure.CONNECTIONS_OVER_MEMORY_TOTAL,
                            "kept for all connections: too much, and most for this"));
        }
    }

    private void tellDrained() {
        if (draining && connections.isEmpty()) {
            drained.complete(null);
        }
    }

    /**
     * Takes no new connections, and says goodbye to those that are there; completes when none is left.
     *
     * @param goodbye how it is said to one
     */
    CompletableFuture<Void> drain(Consumer<Http3ServerConnection> goodbye) {
        eventLoop.execute(() -> {
            draining = true;
            List.copyOf(connections).forEach(goodbye);
            tellDrained();
        });
        return drained;
    }

    /** Closes the connections, and then the socket. */
    CompletableFuture<Void> close(Channel socket) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        eventLoop.execute(() -> {
            draining = true;
            CompletableFuture<?>[] ends = List.copyOf(connections).stream()
                    .map(Http3ServerConnection::close)
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(ends)
                    .whenComplete((ignored, failure) -> socket.close().addListener(done -> closed.complete(null)));
        });
        return closed;
    }
}
