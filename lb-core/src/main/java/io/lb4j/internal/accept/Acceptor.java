package io.lb4j.internal.accept;

import io.lb4j.internal.loop.LoopContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a listener's connections, within their limits, and hands each to a codec on one of the event loops. It ends in
 * three steps, the latter two of which may be left out: {@link #stopAccepting}, {@link #drain}, {@link #closeAll}. Thread-safe.
 */
public final class Acceptor {
    private static final Logger logger = LoggerFactory.getLogger(Acceptor.class);

    private final String name;
    private final BoundAddress address;
    private final ServerProtocols protocols;
    private final AcceptCounters counters;
    private final Admission admission = new Admission();
    private final List<LoopConnections> connections;
    private final CompletableFuture<Acceptor> idle = new CompletableFuture<>();
    private volatile ConnectionPolicy policy;
    private volatile boolean hasBegun;
    private volatile boolean stopped;

    /**
     * Creates an acceptor that takes nothing before it {@linkplain #begin begins}.
     *
     * @param name what statistics and messages call it
     * @param address what it is to take connections from; its own from then on, until another begins to take them
     */
    public Acceptor(String name, BoundAddress address, ConnectionPolicy policy, ServerProtocols protocols) {
        List<LoopContext> loops = address.transports().loops();
        this.name = name;
        this.address = address;
        this.policy = policy;
        this.protocols = protocols;
        counters = new AcceptCounters(loops.size());
        connections = loops.stream()
                .map(loop -> new LoopConnections(loop, counters.onLoop(loop.index())))
                .toList();
    }

    /** Takes connections from now on: those that have waited first. */
    public void begin() {
        hasBegun = true;
        address.handTo(this);
    }

    /** Returns the listener's name. */
    public String name() {
        return name;
    }

    /** Returns what its connections come by. */
    public BoundAddress address() {
        return address;
    }

    /** Returns what it has counted, and goes on counting. */
    public AcceptCounters counters() {
        return counters;
    }

    /** Changes how connections are taken from now on. Those that are open stay as they are. */
    public void apply(ConnectionPolicy changed) {
        policy = changed;
    }

    /**
     * Closes the listening sockets, unless another has taken them over. Connections stay. Idempotent.
     *
     * @return completes, with this, when no further connection will come
     */
    public CompletionStage<Acceptor> stopAccepting() {
        stopped = true;
        return address.release(this).thenApply(ignored -> {
            completeIfIdle();
            return this;
        });
    }

    /**
     * Asks every connection to take no more requests, and to close when those under way have been answered; one whose protocol is not
     * known yet is closed. Call {@link #stopAccepting} first: what is accepted afterwards is drained as well.
     *
     * @return completes, with this, when no connection is left
     */
    public CompletionStage<Acceptor> drain() {
        onEachLoop(LoopConnections::drain);
        return idle.minimalCompletionStage();
    }

    /**
     * Closes every connection at once. Call {@link #stopAccepting} first.
     *
     * @return completes, with this, when no connection is left
     */
    public CompletionStage<Acceptor> closeAll() {
        onEachLoop(LoopConnections::closeAll);
        return idle.minimalCompletionStage();
    }

    ConnectionPolicy policy() {
        return policy;
    }

    ServerProtocols protocols() {
        return protocols;
    }

    LoopConnections onLoop(int index) {
        return connections.get(index);
    }

    int loops() {
        return connections.size();
    }

    Admission admission() {
        return admission;
    }

    /** Asks for a connection to be admitted, and counts it where it is refused. */
    boolean admits(@Nullable ClientPrefix client, InetSocketAddress remote, LoopCounts counts) {
        Admission.Verdict verdict = admission.admit(client, policy.limits());
        if (verdict == Admission.Verdict.ADMITTED) {
            return true;
        }
        boolean listenerIsFull = verdict == Admission.Verdict.LISTENER_FULL;
        counts.add(listenerIsFull ? LoopCounts.REFUSED_BY_LISTENER : LoopCounts.REFUSED_BY_CLIENT, 1);
        logger.debug("listener {}: refused a connection from {}: {}", name(), remote, verdict);
        return false;
    }

    /**
     * Asks whether a connection that came by another socket than the listener's own may be taken; it counts as one of the listener's. Called
     * on the event loop of that index.
     *
     * @return is run once when the connection has ended; empty if it may not be taken, or this has not begun yet
     */
    public Optional<Runnable> admit(InetSocketAddress remote, int loop) {
        if (!hasBegun) {
            return Optional.empty();
        }
        LoopCounts counts = connections.get(loop).counts();
        ClientPrefix client = Admission.countedClient(remote, policy.limits());
        if (!admits(client, remote, counts)) {
            return Optional.empty();
        }
        counts.add(LoopCounts.ACCEPTED, 1);
        return Optional.of(() -> {
            counts.add(LoopCounts.CLOSED, 1);
            release(client);
        });
    }

    /** Returns a number for a connection, unique in this process. */
    public static long newConnectionId() {
        return AcceptedConnection.newId();
    }

    /** A connection that was admitted has ended. */
    void release(@Nullable ClientPrefix client) {
        admission.release(client);
        completeIfIdle();
    }

    private void completeIfIdle() {
        if (stopped && admission.open() == 0) {
            idle.complete(this);
        }
    }

    private void onEachLoop(Consumer<LoopConnections> action) {
        connections.forEach(each -> each.loop().eventLoop().execute(() -> action.accept(each)));
    }
}
