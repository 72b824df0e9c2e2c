package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.net.Dial;
import io.lb4j.testkit.net.Wire;
import io.lb4j.testkit.net.WireFailure;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TlsFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * An HTTP/2 client for tests: whole requests with a call, or any frames at all.
 *
 * <pre>{@code
 * try (RawH2Client client = RawH2Client.connect(port)) {
 *     assertThat(client.get("/").status()).isEqualTo(200);
 *     client.send(Frame.windowUpdate(0, 0));
 *     assertThat(client.awaitGoAway().error()).isEqualTo(H2Error.PROTOCOL_ERROR);
 * }
 * }</pre>
 *
 * <p>Field sections are sent as literals without indexing, exactly as given: nothing is lower-cased, sorted or checked.
 * Waits take thirty seconds at most and fail with {@link WireFailure}. Thread-safe.
 */
public final class RawH2Client implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Wire wire;
    private final H2Endpoint endpoint;
    private final AtomicInteger nextStream = new AtomicInteger(1);

    private RawH2Client(Wire wire, H2Options options) throws IOException {
        this.wire = wire;
        // The reading thread waits as long as the connection lives; who awaits something has a patience of its own.
        wire.readTimeout(Duration.ZERO);
        this.endpoint = new H2Endpoint(wire, options, (stream, first) -> {});
    }

    /**
     * Connects to 127.0.0.1 by prior knowledge (RFC 9113 §3.3), without TLS.
     *
     * @param port the TCP port
     * @return connected, preface and SETTINGS sent
     */
    public static RawH2Client connect(int port) {
        return connect(Dial.to(port), H2Options.defaults());
    }

    /**
     * Connects to 127.0.0.1 over TLS, and offers {@code h2} by ALPN.
     *
     * @param port the TCP port
     * @param tls trust and SNI; its ALPN is replaced
     * @return connected, preface and SETTINGS sent
     */
    public static RawH2Client connect(int port, ClientTls tls) {
        return connect(Dial.to(port).tls(tls.alpn("h2")), H2Options.defaults());
    }

    /**
     * Connects with full control, and sends preface and SETTINGS.
     *
     * @param dial where to, from where; TLS needs {@code alpn("h2")} said
     * @param options settings, and what happens by itself
     * @return connected
     */
    public static RawH2Client connect(Dial dial, H2Options options) {
        // Read only then: an acknowledgement of the peer's SETTINGS must not come before our own.
        return open(dial, options).sendRaw(PREFACE).send(options.firstFrame()).reading();
    }

    /**
     * Connects and sends nothing, not even the preface.
     *
     * @param dial where to, from where; TLS needs {@code alpn("h2")} said
     * @param options what happens by itself
     * @return connected
     * @throws UncheckedIOException if the peer refuses
     */
    public static RawH2Client silent(Dial dial, H2Options options) {
        return open(dial, options).reading();
    }

    private static RawH2Client open(Dial dial, H2Options options) {
        try {
            return new RawH2Client(dial.open(), options);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot speak HTTP/2", e);
        }
    }

    private RawH2Client reading() {
        endpoint.readInBackground("raw-h2-client-" + wire.local().getPort());
        return this;
    }

    /**
     * The pseudo-header fields of a request for {@code localhost}.
     *
     * @param method in upper case
     * @param path begins with a slash
     * @return {@code :method}, {@code :scheme}, {@code :authority}, {@code :path}
     */
    public Fields head(String method, String path) {
        String scheme = wire.tls().isPresent() ? "https" : "http";
        return Fields.of(":method", method, ":scheme", scheme, ":authority", "localhost", ":path", path);
    }

    /**
     * Sends a GET and waits for the response.
     *
     * @param path begins with a slash
     * @return whole, or as far as it came
     */
    public H2Response get(String path) {
        return awaitResponse(open(head("GET", path), true));
    }

    /**
     * Sends a request and waits for the response.
     *
     * @param headers see {@link #head}
     * @param body sent as the windows allow
     * @return whole, or as far as it came
     */
    public H2Response request(Fields headers, byte[] body) {
        int stream = open(headers, body.length == 0);
        if (body.length > 0) {
            data(stream, body, true);
        }
        return awaitResponse(stream);
    }

    /**
     * Opens the next stream with a HEADERS frame.
     *
     * @param headers sent as they are
     * @param end whether the request ends here
     * @return the number of the stream
     */
    public int open(Fields headers, boolean end) {
        int stream = nextStream.getAndAdd(2);
        send(Frame.headers(stream, HeaderBlock.of(headers), end));
        return stream;
    }

    /**
     * Takes the next number for a stream that the test opens with frames of its own.
     *
     * @return odd
     */
    public int nextStream() {
        return nextStream.getAndAdd(2);
    }

    /**
     * Sends body bytes, in frames as the peer's windows allow; waits for the windows.
     *
     * @param stream the stream
     * @param bytes any number
     * @param end whether the request ends here
     * @return this
     * @throws UncheckedIOException if the peer ends the stream or the connection, or gives no leave in time
     */
    public RawH2Client data(int stream, byte[] bytes, boolean end) {
        return sending("DATA on stream " + stream, () -> endpoint.sendData(stream, bytes, bytes.length, end));
    }

    /**
     * Sends a body of {@link io.lb4j.testkit.http.Payload} in constant memory, as the windows allow, and ends the request.
     *
     * @param stream the stream
     * @param length in bytes
     * @return this
     * @throws UncheckedIOException as {@link #data}
     */
    public RawH2Client payload(int stream, long length) {
        return sending("DATA on stream " + stream, () -> endpoint.sendPayload(stream, length, true));
    }

    /**
     * Ends the request with trailer fields.
     *
     * @param stream the stream
     * @param fields sent as they are
     * @return this
     */
    public RawH2Client trailers(int stream, Fields fields) {
        return send(Frame.headers(stream, HeaderBlock.of(fields), true));
    }

    /**
     * Sends any frame.
     *
     * @param frame right or wrong
     * @return this
     * @throws UncheckedIOException if the peer has closed
     */
    public RawH2Client send(Frame frame) {
        return sending(frame.toString(), () -> endpoint.send(frame));
    }

    /**
     * Sends any frame; see {@link Frame#of(FrameType, int, int, byte[])}.
     *
     * @return this
     * @throws UncheckedIOException if the peer has closed
     */
    public RawH2Client send(FrameType type, int flags, int stream, byte[] payload) {
        return send(Frame.of(type, flags, stream, payload));
    }

    /**
     * Sends any bytes.
     *
     * @param bytes right or wrong
     * @return this
     * @throws UncheckedIOException if the peer has closed
     */
    public RawH2Client sendRaw(byte[] bytes) {
        return sending(bytes.length + " bytes", () -> endpoint.frames().write(bytes));
    }

    /**
     * Sends a PING and waits until it comes back: by then the peer has processed all that was sent before.
     *
     * @return this
     */
    public RawH2Client ping() {
        return sending("PING", endpoint::ping);
    }

    /**
     * Waits until a response is over: complete, reset, or cut off with the connection.
     *
     * @param stream the stream
     * @return whole, or as far as it came
     */
    public H2Response awaitResponse(int stream) {
        return await(stream, "the end", response -> false);
    }

    /**
     * Waits until the final response has begun, or is over without.
     *
     * @param stream the stream
     * @return as far as it came
     */
    public H2Response awaitHeaders(int stream) {
        return await(stream, "headers", response -> response.status() > 0);
    }

    /**
     * Waits until that much of a response's body has come, or the response is over.
     *
     * @param stream the stream
     * @param length in bytes
     * @return as far as it came
     */
    public H2Response awaitBody(int stream, long length) {
        return await(stream, length + " bytes", response -> response.body().length() >= length);
    }

    /**
     * What has come of a response so far.
     *
     * @param stream the stream
     * @return a snapshot
     */
    public H2Response response(int stream) {
        return H2Response.of(endpoint.stream(stream));
    }

    /**
     * Waits for the oldest frame of a type that no call has returned yet.
     *
     * @param type the type
     * @return claimed: a second call returns the next one
     */
    public Frame awaitFrame(FrameType type) {
        return awaitFrame(type.name(), frame -> frame.is(type));
    }

    /**
     * Waits for the oldest matching frame (of the last 10,000) that no call has returned yet.
     *
     * @param awaited what is awaited, for the failure
     * @param wanted looks at each frame once or more
     * @return claimed: a second call returns the next one
     */
    public Frame awaitFrame(String awaited, Predicate<Frame> wanted) {
        return endpoint.awaitFrame(awaited, wanted);
    }

    /**
     * Verifies that the peer has sent no such frame that no call has returned yet.
     *
     * @param unwanted looks at each frame
     * @return this
     * @throws WireFailure if there is one
     */
    public RawH2Client expectNone(Predicate<Frame> unwanted) {
        endpoint.expectNone(unwanted);
        return this;
    }

    /**
     * Waits for GOAWAY.
     *
     * @return see {@link Frame#error}
     */
    public Frame awaitGoAway() {
        return awaitFrame(FrameType.GOAWAY);
    }

    /**
     * Waits until the peer resets a stream.
     *
     * @param stream the stream
     * @return why
     */
    public H2Error awaitReset(int stream) {
        return awaitFrame(
                        "RST_STREAM on " + stream, frame -> frame.is(FrameType.RST_STREAM) && frame.stream() == stream)
                .error();
    }

    /** Waits until the peer has closed the connection. */
    public void awaitClose() {
        endpoint.awaitEnd();
    }

    /**
     * What the peer did against RFC 9113 in frame sizes, field sections, flow control and the order of frames.
     *
     * @return one sentence each, in order
     */
    public List<String> violations() {
        return endpoint.violations();
    }

    /**
     * What TLS agreed on.
     *
     * @return empty without TLS
     */
    public Optional<TlsFacts> tls() {
        return wire.tls();
    }

    /** Closes with an RST. */
    public void abort() {
        sending("RST", wire::abort);
    }

    /** Closes the connection without GOAWAY and waits for its thread. */
    @Override
    public void close() {
        wire.close();
        endpoint.awaitEnd();
    }

    private H2Response await(int stream, String what, Predicate<H2Response> wanted) {
        StreamRecord record = endpoint.stream(stream);
        return endpoint.changes().await(what + " of the response on stream " + stream, () -> {
            // Asked before the snapshot is taken: nothing is added to a stream that is over.
            boolean over = record.isOver() || endpoint.isClosed();
            return Optional.of(H2Response.of(record)).filter(response -> over || wanted.test(response));
        });
    }

    private RawH2Client sending(String what, Sending action) {
        try {
            action.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("sending " + what, e);
        }
    }

    @FunctionalInterface
    private interface Sending {
        void run() throws IOException;
    }
}
