package io.lb4j.testkit.http;

import io.lb4j.testkit.net.Changes;
import io.lb4j.testkit.tls.TlsFacts;
import java.util.List;
import java.util.Optional;

/**
 * One request as an upstream saw it: recorded when its head has arrived, complete some time later. Thread-safe; body and
 * state are read as they stand at the moment of the call.
 */
public final class RecordedRequest {
    private final RequestHead head;
    private final Origin origin;
    private final BodyCapture capture;
    private final Changes changes;
    private volatile Progress progress = new Progress(State.ARRIVING, Fields.none(), List.of());

    RecordedRequest(RequestHead head, Origin origin, BodyCapture capture, Changes changes) {
        this.head = head;
        this.origin = origin;
        this.capture = capture;
        this.changes = changes;
    }

    /**
     * Request line and fields, with all bytes of the head.
     *
     * @return as it arrived
     */
    public RequestHead head() {
        return head;
    }

    /**
     * The method.
     *
     * @return as sent
     */
    public String method() {
        return head.method();
    }

    /**
     * The request target.
     *
     * @return as sent, not decoded
     */
    public String target() {
        return head.target();
    }

    /**
     * The header fields.
     *
     * @return in order
     */
    public Fields headers() {
        return head.fields();
    }

    /**
     * As much of the body as has arrived and been read.
     *
     * @return a snapshot
     */
    public Body body() {
        return capture.body();
    }

    /**
     * The trailer fields.
     *
     * @return none until the request is complete
     */
    public Fields trailers() {
        return progress.trailers;
    }

    /**
     * Chunk extensions, with their semicolons (RFC 9112 §7.1.1).
     *
     * @return none until the request is complete; 100 at most
     */
    public List<String> chunkExtensions() {
        return progress.extensions;
    }

    /**
     * How far the request has come.
     *
     * @return the state at this moment
     */
    public State state() {
        return progress.state;
    }

    /**
     * Waits until the whole request has arrived, up to thirty seconds.
     *
     * @return this
     * @throws io.lb4j.testkit.net.WireFailure if it has not
     */
    public RecordedRequest awaitComplete() {
        return changes.await("the end of " + this, () -> Optional.of(this).filter(r -> r.state() == State.COMPLETE));
    }

    /**
     * The number of the connection, from 1, in the order in which the upstream accepted them.
     *
     * @return from 1
     */
    public int connection() {
        return origin.connection;
    }

    /**
     * The number of this request on its connection.
     *
     * @return from 1
     */
    public int sequence() {
        return origin.sequence;
    }

    /**
     * Whether bytes of this request had arrived before the response to the one before it was finished.
     *
     * @return true if the client pipelined
     */
    public boolean isPipelined() {
        return origin.pipelined;
    }

    /**
     * What TLS agreed on for the connection.
     *
     * @return empty without TLS
     */
    public Optional<TlsFacts> tls() {
        return origin.tls;
    }

    /**
     * When the head had arrived.
     *
     * @return {@link System#nanoTime} at that moment
     */
    public long arrivalNanos() {
        return origin.arrivalNanos;
    }

    @Override
    public String toString() {
        return head.method() + " " + head.target() + " (connection " + origin.connection + ", request "
                + origin.sequence + ", " + state() + ", " + capture.length() + " bytes of body)";
    }

    BodyCapture capture() {
        return capture;
    }

    void complete(BodyReader reader) {
        progress = new Progress(State.COMPLETE, reader.trailers(), reader.extensions());
        changes.happened();
    }

    void endEarly() {
        if (progress.state == State.ARRIVING) {
            progress = new Progress(State.TRUNCATED, Fields.none(), List.of());
            changes.happened();
        }
    }

    /** How far a request has come. */
    public enum State {
        /** The head is there; body or trailers may still come. */
        ARRIVING,
        /** All of it has been read. */
        COMPLETE,
        /** The connection ended, or its bytes made no sense any more, before the request was complete. */
        TRUNCATED
    }

    long releasesBefore() {
        return origin.releasesBefore;
    }

    record Origin(
            int connection,
            int sequence,
            boolean pipelined,
            Optional<TlsFacts> tls,
            long arrivalNanos,
            long releasesBefore) {}

    private record Progress(State state, Fields trailers, List<String> extensions) {}
}
