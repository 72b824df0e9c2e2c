package io.lb4j.testkit.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;

/**
 * Stands between a client and a TCP server, and impairs what passes: delay, jitter, a narrow line, silence, cuts.
 * Half-closes and resets of either side are passed on. Thread-safe.
 *
 * <pre>{@code
 * try (TcpRelay relay = TcpRelay.to(upstream.address())) {
 *     relay.impair(Impairment.none().delay(Duration.ofMillis(50)));
 *     … connect to relay.port() …
 *     relay.blackhole(true);
 * }
 * }</pre>
 */
public final class TcpRelay implements AutoCloseable {
    private final InetSocketAddress target;
    private final Changes changes = new Changes();
    private final Set<TcpLink> links = ConcurrentHashMap.newKeySet();
    private final LoopbackServer server;
    private volatile Impairment impairment = Impairment.none();
    private volatile boolean blackhole;

    private TcpRelay(InetSocketAddress target) {
        this.target = target;
        this.server = LoopbackServer.start(new LoopbackServer.Settings("tcp-relay", Optional.empty(), 0), this::serve);
    }

    /**
     * Starts a relay that impairs nothing yet.
     *
     * @param target where each connection is passed on to
     * @return listening on a free port of 127.0.0.1
     */
    public static TcpRelay to(InetSocketAddress target) {
        return new TcpRelay(target);
    }

    /**
     * Where it listens.
     *
     * @return the TCP port
     */
    public int port() {
        return server.port();
    }

    /**
     * Impairs from now on, open connections too; what is on its way already keeps its time.
     *
     * @param change replaces what was set before
     * @throws IllegalArgumentException if it loses or reorders, which TCP does not show
     */
    public void impair(Impairment change) {
        Impairment.Odds odds = change.odds();
        if (odds.loss() > 0 || odds.reordered() > 0) {
            throw new IllegalArgumentException("loss: " + odds.loss() + ", reorder: " + odds.reordered()
                    + " (expected: 0 over TCP; delay and jitter are what retransmission looks like)");
        }
        impairment = change;
    }

    /**
     * Default: off. While on, nothing passes in either direction, ends and resets included; switched off, what was held
     * passes in order.
     *
     * @param on whether to hold everything
     */
    public void blackhole(boolean on) {
        blackhole = on;
        changes.happened();
    }

    /**
     * From now on nothing passes on the connections that are open, ends and resets included, for good; those that are made
     * afterwards go on: as behind a router that has forgotten what it knew.
     */
    public void abandonConnections() {
        abandonConnections(any -> true);
    }

    /**
     * As {@link #abandonConnections()}, for some of those that are open: as where one of a client's connections dies alone.
     *
     * @param which by their numbers: from 1, in the order in which they were made
     */
    public void abandonConnections(IntPredicate which) {
        links.stream().filter(link -> which.test(link.number())).forEach(TcpLink::abandon);
    }

    /** Closes every connection, on both sides, with a FIN. */
    public void closeConnections() {
        links.forEach(TcpLink::close);
    }

    /** Closes every connection, on both sides, with an RST. */
    public void resetConnections() {
        links.forEach(TcpLink::abort);
    }

    /** Refuses new connections from now on; the open ones go on. */
    public void stopListening() {
        server.stopListening();
    }

    /** Listens again, on the same port. */
    public void resumeListening() {
        server.resumeListening();
    }

    /**
     * The connections of the clients' side at this moment.
     *
     * @return a snapshot
     */
    public Connections connections() {
        return server.connections();
    }

    /** Resets every connection, waits for the threads, and gives the port back. */
    @Override
    public void close() {
        blackhole(false);
        resetConnections();
        server.close();
    }

    Impairment impairment() {
        return impairment;
    }

    /** Waits while nothing may pass; false if the thread is interrupted. */
    boolean awaitPassage() {
        return !blackhole || changes.within(Duration.ofDays(1), () -> !blackhole);
    }

    private void serve(Wire client, int number) throws IOException, InterruptedException {
        Wire origin = Dial.to(target).open();
        origin.readTimeout(Duration.ZERO);
        TcpLink link = new TcpLink(this, client, origin, number);
        links.add(link);
        try {
            link.run();
        } finally {
            links.remove(link);
        }
    }
}
