package io.lb4j.testkit.http;

import io.lb4j.testkit.net.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One request and its response, in the hands of a script step. Confined to the thread that plays the script.
 */
public final class UpstreamExchange {
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(5);

    private final RecordedRequest request;
    private final UpstreamConnection connection;
    private final BodyReader body;
    private boolean invited;
    private int stalls;

    UpstreamExchange(RecordedRequest request, UpstreamConnection connection, BodyReader body) {
        this.request = request;
        this.connection = connection;
        this.body = body;
    }

    /**
     * The request.
     *
     * @return its body fills while the script reads it
     */
    public RecordedRequest request() {
        return request;
    }

    /**
     * Reads the next piece of the request's body, after a {@code 100 Continue} if the client waits for one (RFC 9110
     * §10.1.1).
     *
     * @param target filled from its start
     * @return how many bytes; -1 after the last one and the trailers
     * @throws IOException if the client has gone
     */
    public int readBody(byte[] target) throws IOException {
        invite();
        int count = body.read(target);
        if (count > 0) {
            request.capture().write(target, 0, count);
        }
        if (count < 0 && request.state() != RecordedRequest.State.COMPLETE) {
            request.complete(body);
        }
        return count;
    }

    /**
     * Reads all that is left of the request's body.
     *
     * @throws IOException if the client has gone
     */
    public void readBody() throws IOException {
        byte[] piece = new byte[16 * 1024];
        int count = readBody(piece);
        while (count >= 0) {
            count = readBody(piece);
        }
    }

    /**
     * Sends an informational response (RFC 9110 §15.2).
     *
     * @param status from 100 to 199, but not 101
     * @param fields its header fields
     * @throws IOException if the client has gone
     */
    public void inform(int status, Fields fields) throws IOException {
        StringBuilder head = new StringBuilder(AnswerWriter.startLine(status));
        AnswerWriter.append(head, fields);
        write(AnswerWriter.latin1(head.append("\r\n").toString()));
        flush();
        invited |= status == 100;
    }

    /**
     * Sends an answer; its last byte goes out when the script of this exchange ends.
     *
     * @param answer what to send
     * @throws IOException if the client has gone, or the answer ends the connection
     */
    public void answer(Answer answer) throws IOException {
        invited = true;
        new AnswerWriter(connection.output(), answer).write(request.method(), connection.fieldsOf(request));
    }

    /**
     * Sends bytes as they are; the last one goes out with {@link #flush} or when the script of this exchange ends.
     *
     * @param bytes unchanged
     * @throws IOException if the client has gone
     */
    public void write(byte[] bytes) throws IOException {
        connection.output().write(bytes);
    }

    /**
     * Sends now what has been written.
     *
     * @throws IOException if the client has gone
     */
    public void flush() throws IOException {
        connection.output().flush();
    }

    /**
     * Waits. A client that resets the connection ends the wait.
     *
     * @param period how long
     * @throws IOException if the client has gone
     */
    public void pause(Duration period) throws IOException {
        long end = System.nanoTime() + period.toNanos();
        for (long left = period.toNanos(); left > 0; left = end - System.nanoTime()) {
            watch(Math.min(left, WATCH_INTERVAL.toNanos()));
        }
    }

    /**
     * Waits until {@link ScriptedUpstream#release} is called; of several waits in one exchange each needs a call of its
     * own. Calls count from the moment the request was recorded.
     *
     * @throws IOException if the client closes or resets the connection first
     */
    public void awaitRelease() throws IOException {
        stalls++;
        while (connection.releasesSince(request) < stalls) {
            if (watch(WATCH_INTERVAL.toNanos()) == WireInput.Peek.END) {
                throw new EOFException("the client gave up");
            }
        }
    }

    /**
     * Ends the connection with a FIN; a request body that is still coming is read and dropped for up to two seconds, so
     * that the client gets what was sent.
     *
     * @throws IOException always: to leave the script
     */
    public void close() throws IOException {
        flush();
        throw new ConnectionEnd(Cut.Kind.FIN);
    }

    /**
     * Ends the connection with an RST.
     *
     * @throws IOException always: to leave the script
     */
    public void reset() throws IOException {
        flush();
        throw new ConnectionEnd(Cut.Kind.RESET);
    }

    /**
     * Leaves HTTP behind: finishes what was written and hands over the connection, after a 101 or a 2xx to CONNECT. Bytes
     * that the client had sent before that moment are reported as a violation.
     *
     * @return reads and writes plain bytes
     * @throws IOException if the client has gone
     */
    public Tunnel tunnel() throws IOException {
        return connection.openTunnel(request);
    }

    /** The length of the response body when the request body is echoed: known only if the request's is. */
    boolean bodyLengthIsKnown() {
        return !request.headers().contains("transfer-encoding");
    }

    boolean hasBodyLeft() {
        return !body.isExhausted();
    }

    /** Sends what the script left behind, then reads what is left of the request. */
    void finish() throws IOException {
        connection.finishResponse(request, body.isFinished());
        invited = true;
        readBody();
    }

    void invite() throws IOException {
        boolean expected = request.headers().lists("expect", "100-continue");
        if (!invited && expected && !body.isFinished()) {
            inform(100, Fields.none());
        }
        invited = true;
    }

    private WireInput.Peek watch(long nanos) throws IOException {
        WireInput.Peek seen = connection.input().peek(Duration.ofNanos(Math.max(nanos, 1_000_000)));
        if (seen != WireInput.Peek.NOTHING) {
            // Bytes of the next message hide what comes after them, and the end stays the end: only time helps here.
            LockSupport.parkNanos(nanos);
        }
        return seen;
    }

    /** A connection that HTTP has been left on. */
    public interface Tunnel {
        /**
         * Reads the next bytes.
         *
         * @param target filled from its start
         * @return how many bytes; -1 at the end
         * @throws IOException if the client has gone
         */
        int read(byte[] target) throws IOException;

        /**
         * Sends bytes at once.
         *
         * @param bytes the array that holds them
         * @param count how many, from its start
         * @throws IOException if the client has gone
         */
        void write(byte[] bytes, int count) throws IOException;

        /**
         * The connection itself, to half-close or reset it.
         *
         * @return owned by the upstream
         */
        Wire wire();
    }
}
