package io.lb4j.testkit.http;

import io.lb4j.testkit.net.Connections;
import io.lb4j.testkit.net.LoopbackServer;
import io.lb4j.testkit.net.Wire;
import io.lb4j.testkit.net.WireFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * An HTTP/1.1 server on a free port of 127.0.0.1 that does what a script says, and records, strictly, what it saw.
 *
 * <pre>{@code
 * try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
 *     script.on("/slow").delay(Duration.ofMillis(200)).answer(200, "late");
 *     script.on("/flaky").times(1).reset();
 *     script.onAny().answer(200);
 * })) {
 *     …
 *     assertThat(upstream.requests()).extracting(RecordedRequest::target).containsExactly("/slow");
 *     assertThat(upstream.violations()).isEmpty();
 * }
 * }</pre>
 *
 * <p>Malformed requests are answered with 400 and, like pipelined ones, listed under {@link #violations}. Thread-safe.
 */
public final class ScriptedUpstream implements AutoCloseable {
    private static final Reaction UNSCRIPTED = new Reaction(head -> true).answer(404, "no reaction");

    private final Script.Settings settings;
    private final RequestLog log = new RequestLog();
    private final AtomicLong releases = new AtomicLong();
    private final LoopbackServer server;
    private volatile List<Reaction> reactions;

    private ScriptedUpstream(Script script) {
        this.settings = script.settings();
        this.reactions = script.reactions();
        String threadName = settings.name().isEmpty() ? "scripted-upstream" : "scripted-upstream-" + settings.name();
        this.server = LoopbackServer.start(
                new LoopbackServer.Settings(threadName, settings.tls(), settings.receiveBufferBytes()), this::serve);
    }

    /**
     * Starts an upstream that answers 200, without a body, to everything.
     *
     * @return listening
     */
    public static ScriptedUpstream start() {
        return start(script -> script.onAny().answer(200));
    }

    /**
     * Starts an upstream.
     *
     * @param writer writes the script; called once, now
     * @return listening
     */
    public static ScriptedUpstream start(Consumer<Script> writer) {
        Script script = new Script();
        writer.accept(script);
        return new ScriptedUpstream(script);
    }

    /**
     * Replaces all reactions at once; exchanges under way finish with the old ones. Name, TLS and bounds stay.
     *
     * @param writer writes the new script; called once, now
     */
    public void rescript(Consumer<Script> writer) {
        Script script = new Script();
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
     * All requests whose heads have arrived, in that order. The first 100,000 are kept, later ones only counted.
     *
     * @return a snapshot
     */
    public List<RecordedRequest> requests() {
        return log.requests();
    }

    /**
     * How many requests have arrived.
     *
     * @return since the start or the last {@link #forget}
     */
    public long requestCount() {
        return log.count();
    }

    /**
     * Waits for the first request, up to thirty seconds.
     *
     * @return the first ever recorded, which may have come long ago
     * @throws WireFailure if none comes
     */
    public RecordedRequest awaitRequest() {
        return awaitRequests(1).get(0);
    }

    /**
     * Waits for a request, up to thirty seconds.
     *
     * @param wanted looks at all requests, recorded ones first
     * @return the first that matches
     * @throws WireFailure if none comes
     */
    public RecordedRequest awaitRequest(Predicate<RecordedRequest> wanted) {
        return log.await(wanted);
    }

    /**
     * Waits for a number of requests, up to thirty seconds.
     *
     * @param count how many in all
     * @return all of them; there may be more
     * @throws WireFailure if fewer come
     */
    public List<RecordedRequest> awaitRequests(int count) {
        return log.await(count);
    }

    /**
     * Everything that the peers did wrong: malformed requests, bytes before the end of the previous response; and steps
     * of the script that threw.
     *
     * @return one sentence each, in order
     */
    public List<String> violations() {
        return log.violations();
    }

    /**
     * How many bytes have arrived after upgrades.
     *
     * @return on all connections together
     */
    public long upgradedBytes() {
        return log.upgradedBytes();
    }

    /** Forgets all requests, violations and counts, but not the connections. */
    public void forget() {
        log.forget();
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

    /** Lets every exchange that stalls, or is yet to come to its stall, go on; requests that come later stall anew. */
    public void release() {
        releases.incrementAndGet();
    }

    /** Refuses new connections from now on; the open ones go on. */
    public void stopListening() {
        server.stopListening();
    }

    /** Listens again, on the same port. */
    public void resumeListening() {
        server.resumeListening();
    }

    /** Closes all open connections with a FIN, whatever they are doing. */
    public void closeConnections() {
        server.closeConnections();
    }

    /** Closes all open connections with an RST, whatever they are doing. */
    public void resetConnections() {
        server.resetConnections();
    }

    /** Ends every connection, waits for the threads, and gives the port back. What was recorded can still be read. */
    @Override
    public void close() {
        server.close();
    }

    Script.Settings settings() {
        return settings;
    }

    RequestLog log() {
        return log;
    }

    long releases() {
        return releases.get();
    }

    Reaction reactionTo(RequestHead head) {
        return reactions.stream()
                .filter(reaction -> reaction.claims(head))
                .findFirst()
                .orElse(UNSCRIPTED);
    }

    private void serve(Wire wire, int number) throws IOException {
        new UpstreamConnection(this, wire, number).serve();
    }
}
