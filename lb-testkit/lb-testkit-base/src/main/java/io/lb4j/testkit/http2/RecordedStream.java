package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Body;
import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.net.WireFailure;
import io.lb4j.testkit.tls.TlsFacts;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One request as an upstream saw it on its stream: recorded when its head has arrived, complete some time later.
 * Thread-safe; body and state are read as they stand at the moment of the call.
 */
public final class RecordedStream {
    private final int connection;
    private final StreamRecord stream;
    private final H2Endpoint endpoint;
    private final long releasesBefore;

    RecordedStream(int connection, StreamRecord stream, H2Endpoint endpoint, long releasesBefore) {
        this.connection = connection;
        this.stream = stream;
        this.endpoint = endpoint;
        this.releasesBefore = releasesBefore;
    }

    /**
     * The number of the connection, from 1, in the order in which the upstream accepted them.
     *
     * @return from 1
     */
    public int connection() {
        return connection;
    }

    /**
     * The number of the stream.
     *
     * @return odd
     */
    public int id() {
        return stream.id();
    }

    /**
     * All fields of the head in order, pseudo-header fields included.
     *
     * @return as decoded
     */
    public Fields headers() {
        return stream.sections().get(0);
    }

    /**
     * {@code :method}.
     *
     * @return empty text if it is missing
     */
    public String method() {
        return headers().first(":method").orElse("");
    }

    /**
     * {@code :path}, with the query.
     *
     * @return empty text if it is missing
     */
    public String path() {
        return headers().first(":path").orElse("");
    }

    /**
     * As much of the body as has arrived.
     *
     * @return a snapshot; up to 4 MiB are kept on the first thousand streams of a connection, 1 KiB on later ones
     */
    public Body body() {
        return stream.capture().body();
    }

    /**
     * The trailer fields.
     *
     * @return none as long as none have come
     */
    public Fields trailers() {
        List<Fields> sections = stream.sections();
        return sections.size() < 2 ? Fields.none() : sections.get(1);
    }

    /**
     * Whether the client has ended the request in the orderly way.
     *
     * @return true after END_STREAM
     */
    public boolean isComplete() {
        return stream.isEnded();
    }

    /**
     * Whether the client has reset the stream.
     *
     * @return why, if it has
     */
    public Optional<H2Error> reset() {
        return stream.reset();
    }

    /**
     * What TLS agreed on for the connection.
     *
     * @return empty without TLS
     */
    public Optional<TlsFacts> tls() {
        return endpoint.frames().wire().tls();
    }

    /**
     * Waits until the whole request has arrived, up to thirty seconds.
     *
     * @return this
     * @throws WireFailure if it has not
     */
    public RecordedStream awaitComplete() {
        return await("the end", this::isComplete);
    }

    /**
     * Waits until the client resets the stream, up to thirty seconds.
     *
     * @return why
     * @throws WireFailure if it does not
     */
    public H2Error awaitReset() {
        return await("a reset", () -> reset().isPresent()).reset().orElseThrow();
    }

    @Override
    public String toString() {
        return method() + " " + path() + " (connection " + connection + ", stream " + id() + ", "
                + stream.capture().length() + " bytes of body)";
    }

    StreamRecord record() {
        return stream;
    }

    long releasesBefore() {
        return releasesBefore;
    }

    private RecordedStream await(String what, BooleanSupplier wanted) {
        return endpoint.changes()
                .await(what + " of " + this, () -> Optional.of(this).filter(self -> wanted.getAsBoolean()));
    }
}
