package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.net.Changes;
import io.lb4j.testkit.net.Connections;
import io.lb4j.testkit.net.LoopbackServer;
import io.lb4j.testkit.net.Wire;
import io.lb4j.testkit.net.WireFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * An HTTP/2 server on a free port of 127.0.0.1 that does on each stream what a script says, and records what it saw.
 *
 * <pre>{@code
 * try (ScriptedH2Upstream upstream = ScriptedH2Upstream.start(script -> {
 *     script.on("/busy").times(1).refuse();
 *     script.on("/grpc").headers(200, "content-type", "application/grpc").data("…").trailers("grpc-status", "0");
 *     script.onAny().answer(200);
 * })) { … }
 * }</pre>
 *
 * <p>Prior knowledge without TLS, ALPN with TLS. Thread-safe.
 */
public final class ScriptedH2Upstream implements AutoCloseable {
    private static final H2Reaction UNSCRIPTED = new H2Reaction(head -> true).answer(404, "no reaction");
    private static final int STREAMS_BOUND = 100_000;
    private static final int LAST_STREAM = Integer.MAX_VALUE;

    private final H2Script.Settings settings;
    private final Changes changes = new Changes();
    private final AtomicLong releases = new AtomicLong();
    private final List<RecordedStream> streams = new ArrayList<>(); // guarded by itself
    private final List<H2Connection> connections = new CopyOnWriteArrayList<>();
    private final ExecutorService streamThreads;
    private final LoopbackServer server;
    private volatile List<H2Reaction> reactions;

    private ScriptedH2Upstream(H2Script script) {
        this.settings = script.settings();
        this.reactions = script.reactions();
        String threadName =
                settings.name().isEmpty() ? "scripted-h2-upstream" : "scripted-h2-upstream-" + settings.name();
        this.streamThreads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, threadName + "-stream");
            thread.setDaemon(true);
            return thread;
        });
        this.server = LoopbackServer.start(new LoopbackServer.Settings(threadName, settings.tls(), 0), this::serve);
    }

    /**
     * Starts an upstream that answers 200, without a body, to everything.
     *
     * @return listening
     */
    public static ScriptedH2Upstream start() {
        return start(script -> script.onAny().answer(200));
    }

    /**
     * Starts an upstream.
     *
     * @param writer writes the script; called once, now
     * @return listening
     */
    public static ScriptedH2Upstream start(Consumer<H2Script> writer) {
        H2Script script = new H2Script();
        writer.accept(script);
        return new ScriptedH2Upstream(script);
    }

    /**
     * Replaces all reactions at once; exchanges under way finish with the old ones. Name, TLS and options stay.
     *
     * @param writer writes the new script; called once, now
     */
    public void rescript(Consumer<H2Script> writer) {
        H2Script script = new H2Script();
        writer.accept(script);
        reactions = script.reactions();
    }

    /**
     * Where it listens.
     *
     * @return the TCP port, the same for the upstream's whole life
     */
    public int port() {
        return server.port();
    }

    /**
     * Where it listens.
     *
     * @return 127.0.0.1 and the port
     */
    public InetSocketAddress address() {
        return server.address();
    }

    /**
     * All streams whose heads have arrived, in that order; the first 100,000 are kept.
     *
     * @return a snapshot
     */
    public List<RecordedStream> streams() {
        synchronized (streams) {
            return List.copyOf(streams);
        }
    }

    /**
     * Waits for the first stream, up to thirty seconds.
     *
     * @return the first ever recorded, which may have come long ago
     * @throws WireFailure if none comes
     */
    public RecordedStream awaitStream() {
        return awaitStreams(1).get(0);
    }

    /**
     * Waits for a stream, up to thirty seconds.
     *
     * @param wanted looks at all streams, recorded ones first
     * @return the first that matches
     * @throws WireFailure if none comes
     */
    public RecordedStream awaitStream(Predicate<RecordedStream> wanted) {
        return changes.await(
                "a matching stream", () -> streams().stream().filter(wanted).findFirst());
    }

    /**
     * Waits for a number of streams, up to thirty seconds.
     *
     * @param count how many in all
     * @return all of them; there may be more
     * @throws WireFailure if fewer come
     */
    public List<RecordedStream> awaitStreams(int count) {
        return changes.await(count + " streams", () -> Optional.of(streams()).filter(all -> all.size() >= count));
    }

    /**
     * What the peers did against RFC 9113, as far as the upstream looks: the preface, stream numbers, pseudo-header
     * fields, and all of {@link RawH2Client#violations}; and steps of the script that threw.
     *
     * @return one sentence each, in order for each connection
     */
    public List<String> violations() {
        return connections.stream()
                .flatMap(connection -> connection.endpoint().violations().stream())
                .toList();
    }

    /** Forgets all streams and violations, but not the connections. */
    public void forget() {
        synchronized (streams) {
            streams.clear();
        }
        connections.forEach(connection -> connection.endpoint().forgetViolations());
    }

    /**
     * Waits for a frame of a connection that no call has returned yet, up to thirty seconds.
     *
     * @param connection its number, from 1
     * @param type the type
     * @return claimed: a second call returns the next one
     * @throws WireFailure if none comes
     */
    public Frame awaitFrame(int connection, FrameType type) {
        return awaitConnection(connection).endpoint().awaitFrame(type.name(), frame -> frame.is(type));
    }

    /**
     * Sends a frame on a connection, outside any script.
     *
     * @param connection its number, from 1
     * @param frame right or wrong
     * @throws UncheckedIOException if the connection has ended
     */
    public void send(int connection, Frame frame) {
        send(awaitConnection(connection), frame, endpoint -> endpoint.send(frame));
    }

    /**
     * Sends a graceful GOAWAY (RFC 9113 §6.8) on every open connection, and waits until each peer has processed it, by
     * a PING: streams that come nevertheless are answered.
     *
     * @throws WireFailure if a PING does not come back
     * @throws UncheckedIOException if a connection ends meanwhile
     */
    public void goAway() {
        Frame goAway = Frame.goAway(LAST_STREAM, H2Error.NO_ERROR, "");
        connections.stream()
                .filter(connection -> !connection.endpoint().isClosed())
                .forEach(connection -> send(connection, goAway, endpoint -> {
                    endpoint.send(goAway);
                    endpoint.ping();
                }));
    }

    /**
     * The connections at this moment.
     *
     * @return a snapshot
     */
    public Connections connections() {
        return server.connections();
    }

    /**
     * Waits until the connections are as wanted, up to thirty seconds.
     *
     * @param wanted looks at each new snapshot
     * @return the snapshot that was accepted
     * @throws WireFailure if none is in time
     */
    public Connections awaitConnections(Predicate<Connections> wanted) {
        return server.awaitConnections(wanted);
    }

    /** Lets every stream that stalls, or is yet to come to its stall, go on; streams that come later stall anew. */
    public void release() {
        releases.incrementAndGet();
        connections.forEach(connection -> connection.endpoint().changes().happened());
    }

    /** Refuses new connections from now on; the open ones go on. */
    public void stopListening() {
        server.stopListening();
    }

    /** Listens again, on the same port. */
    public void resumeListening() {
        server.resumeListening();
    }

    /** Closes all open connections with a FIN, without GOAWAY. */
    public void closeConnections() {
        server.closeConnections();
    }

    /** Closes all open connections with an RST. */
    public void resetConnections() {
        server.resetConnections();
    }

    /** Ends every connection, waits for the threads, and gives the port back. What was recorded can still be read. */
    @Override
    public void close() {
        server.close();
        streamThreads.shutdownNow();
        try {
            streamThreads.awaitTermination(Changes.DEFAULT_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    H2Script.Settings settings() {
        return settings;
    }

    long releases() {
        return releases.get();
    }

    H2Reaction reactionTo(Fields head) {
        return reactions.stream()
                .filter(reaction -> reaction.claims(head))
                .findFirst()
                .orElse(UNSCRIPTED);
    }

    RecordedStream recordStream(int connection, StreamRecord stream, H2Endpoint endpoint) {
        RecordedStream recorded = new RecordedStream(connection, stream, endpoint, releases());
        synchronized (streams) {
            if (streams.size() < STREAMS_BOUND) {
                streams.add(recorded);
            }
        }
        changes.happened();
        return recorded;
    }

    void execute(Runnable script) {
        streamThreads.execute(script);
    }

    private static void send(H2Connection connection, Frame frame, Sending sending) {
        try {
            sending.on(connection.endpoint());
        } catch (IOException e) {
            throw new UncheckedIOException("sending " + frame + " on connection " + connection.number(), e);
        }
    }

    private H2Connection awaitConnection(int number) {
        return changes.await(
                "connection " + number,
                () -> connections.stream()
                        .filter(connection -> connection.number() == number)
                        .findFirst());
    }

    private void serve(Wire wire, int number) throws IOException {
        H2Connection connection = new H2Connection(this, wire, number);
        connections.add(connection);
        changes.happened();
        connection.serve();
    }

    @FunctionalInterface
    private interface Sending {
        void on(H2Endpoint endpoint) throws IOException;
    }
}
