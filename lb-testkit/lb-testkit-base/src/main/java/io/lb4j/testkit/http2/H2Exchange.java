package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One stream in the hands of a script step. Confined to the thread that plays the script. */
public final class H2Exchange {
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final RecordedStream stream;
    private final H2Connection connection;
    private int stalls;

    H2Exchange(RecordedStream stream, H2Connection connection) {
        this.stream = stream;
        this.connection = connection;
    }

    /**
     * The request.
     *
     * @return its body fills while it arrives
     */
    public RecordedStream request() {
        return stream;
    }

    /**
     * Sends a HEADERS frame: informational, final or trailers.
     *
     * @param fields sent as they are
     * @param end whether the response ends here
     * @throws IOException if the connection has ended
     */
    public void headers(Fields fields, boolean end) throws IOException {
        ending(end);
        connection.endpoint().sendHeaders(stream.id(), fields, end);
    }

    /**
     * Sends the head of a final response, with {@code x-upstream} if the upstream has a name.
     *
     * @param status the status code
     * @param fields sent after {@code :status}
     * @param end whether the response ends here
     * @throws IOException if the connection has ended
     */
    public void status(int status, Fields fields, boolean end) throws IOException {
        String name = connection.name();
        Fields named = name.isEmpty() ? Fields.none() : Fields.of("x-upstream", name);
        headers(Fields.of(":status", Integer.toString(status)).and(named).and(fields), end);
    }

    /**
     * Sends body bytes as the client's windows allow; waits for the windows.
     *
     * @param bytes any number
     * @param end whether the response ends here
     * @throws IOException if the connection or the stream has ended, or the client gives no leave for thirty seconds
     */
    public void data(byte[] bytes, boolean end) throws IOException {
        ending(end);
        connection.endpoint().sendData(stream.id(), bytes, bytes.length, end);
    }

    /**
     * Sends a body of {@link io.lb4j.testkit.http.Payload} in constant memory, as the windows allow.
     *
     * @param length in bytes
     * @param end whether the response ends here
     * @throws IOException as {@link #data}
     */
    public void payload(long length, boolean end) throws IOException {
        ending(end);
        connection.endpoint().sendPayload(stream.id(), length, end);
    }

    /**
     * Sends any frame.
     *
     * @param frame right or wrong
     * @throws IOException if the connection has ended
     */
    public void send(Frame frame) throws IOException {
        ending(frame.is(FrameType.RST_STREAM));
        connection.endpoint().send(frame);
    }

    private void ending(boolean ends) {
        if (ends) {
            connection.ending(stream.id());
        }
    }

    /**
     * The next piece of the request's body. Only in a reaction that is {@link H2Reaction#pulling}: there the windows open
     * as the pieces are taken.
     *
     * @return empty at the end of the body
     * @throws IOException if the connection has ended
     */
    public Optional<byte[]> readBody() throws IOException {
        Optional<byte[]> piece = stream.record().pull(FOR_EVER);
        if (piece.isPresent() && connection.endpoint().options().isOpeningWindows()) {
            connection.endpoint().open(stream.record(), piece.get().length);
        }
        return piece;
    }

    /**
     * Waits until the client has ended the request.
     *
     * @throws IOException if it resets the stream or closes the connection first
     */
    public void awaitEnd() throws IOException {
        connection.endpoint().changes().within(FOR_EVER, () -> stream.record().isOver());
        leaveIfGone();
    }

    /**
     * Waits. A client that resets the stream or closes the connection ends the wait.
     *
     * @param period how long
     * @throws IOException if the client has gone
     */
    public void pause(Duration period) throws IOException {
        connection.endpoint().changes().within(period, this::isGone);
        leaveIfGone();
    }

    /**
     * Waits until {@link ScriptedH2Upstream#release} is called; of several waits in one exchange each needs a call of its
     * own. Calls count from the moment the stream was recorded.
     *
     * @throws IOException if the client resets the stream or closes the connection first
     */
    public void awaitRelease() throws IOException {
        stalls++;
        connection
                .endpoint()
                .changes()
                .within(FOR_EVER, () -> isGone() || connection.releases() - stream.releasesBefore() >= stalls);
        leaveIfGone();
    }

    /**
     * Ends the whole connection with a FIN.
     *
     * @throws IOException always: to leave the script
     */
    public void close() throws IOException {
        connection.endpoint().frames().wire().close();
        throw new EOFException("closed by the script");
    }

    /**
     * Ends the whole connection with an RST.
     *
     * @throws IOException always: to leave the script
     */
    public void abort() throws IOException {
        connection.endpoint().frames().wire().abort();
        throw new EOFException("reset by the script");
    }

    private boolean isGone() {
        return connection.endpoint().isClosed() || stream.reset().isPresent();
    }

    private void leaveIfGone() throws IOException {
        if (isGone() || Thread.currentThread().isInterrupted()) {
            throw new EOFException("the client gave up");
        }
    }
}
