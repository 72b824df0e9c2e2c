package io.lb4j.testkit.http;

import io.lb4j.testkit.net.Dial;
import io.lb4j.testkit.net.Wire;
import io.lb4j.testkit.net.WireFailure;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TlsFacts;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLException;

/**
 * A TCP or TLS client that sends exactly the bytes it is given and verifies strictly what comes back.
 *
 * <pre>{@code
 * try (RawClient client = RawClient.connect(port)) {
 *     client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");
 *     assertThat(client.readResponse().status()).isEqualTo(400);
 *     client.expectClose();
 * }
 * }</pre>
 *
 * <p>Sending fails with {@link UncheckedIOException}; waiting in vain (30 seconds by default, see
 * {@link Dial#readTimeout}) and anything malformed with {@link WireFailure}. For one thread at a time, except that one
 * thread may send while another reads.
 */
public final class RawClient implements AutoCloseable {
    /** How many bytes of a response's body {@link #readResponse()} keeps; the others are counted. */
    public static final int KEPT_BODY_BYTES = 4 << 20;

    private static final int READ_UNTIL_BOUND = 16 << 20;

    private final Wire wire;
    private final WireInput in;

    private RawClient(Wire wire) {
        this.wire = wire;
        this.in = new WireInput(wire);
    }

    /**
     * Connects to 127.0.0.1 without TLS.
     *
     * @param port the TCP port
     * @return connected
     * @throws UncheckedIOException if the peer refuses
     */
    public static RawClient connect(int port) {
        return connect(Dial.to(port));
    }

    /**
     * Connects to 127.0.0.1 with TLS.
     *
     * @param port the TCP port
     * @param tls trust, SNI, ALPN
     * @return after the handshake
     * @throws UncheckedIOException if the peer refuses the connection or the handshake
     */
    public static RawClient connect(int port, ClientTls tls) {
        return connect(Dial.to(port).tls(tls));
    }

    /**
     * Connects with full control.
     *
     * @param dial where to, from where, timeouts, buffers, TLS
     * @return connected
     * @throws UncheckedIOException if the peer refuses the connection or the handshake
     */
    public static RawClient connect(Dial dial) {
        return new RawClient(dial.open());
    }

    /**
     * Sends text.
     *
     * @param text each character a byte (ISO 8859-1)
     * @return this
     */
    public RawClient send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Sends bytes, at once.
     *
     * @param bytes unchanged
     * @return this
     */
    public RawClient send(byte[] bytes) {
        try {
            wire.output().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("sending " + bytes.length + " bytes to " + wire.remote(), e);
        }
    }

    /**
     * Sends bytes piece by piece, each in a write of its own, so that the peer meets them in separate reads (with TLS:
     * in separate records).
     *
     * @param bytes unchanged
     * @param pause between two pieces; a few milliseconds keep them apart on loopback
     * @param sizes of the pieces; the last one repeats until all is sent
     * @return this
     * @throws IllegalArgumentException if there is no size, or one that is not positive
     */
    public RawClient sendSlowly(byte[] bytes, Duration pause, int... sizes) {
        if (sizes.length == 0) {
            throw new IllegalArgumentException("sizes: [] (expected: at least one)");
        }
        int sent = 0;
        for (int i = 0; sent < bytes.length; i++) {
            int size = Math.min(sizes[Math.min(i, sizes.length - 1)], bytes.length - sent);
            if (size <= 0) {
                throw new IllegalArgumentException("sizes[" + i + "]: " + size + " (expected: > 0)");
            }
            send(Arrays.copyOfRange(bytes, sent, sent + size));
            sent += size;
            LockSupport.parkNanos(pause.toNanos());
        }
        return this;
    }

    /**
     * Sends {@code length} bytes of {@link Payload}, in constant memory.
     *
     * @param length any number
     * @return this
     */
    public RawClient sendPayload(long length) {
        try {
            Payload.write(length, wire.output());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("sending a payload of " + length + " bytes to " + wire.remote(), e);
        }
    }

    /**
     * Reads up to and including a delimiter.
     *
     * @param delimiter each character a byte
     * @return what was read, each byte a character (ISO 8859-1)
     */
    public String readUntil(String delimiter) {
        return new String(reading(() -> in.readUntil(delimiter, READ_UNTIL_BOUND)), StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads an exact number of bytes.
     *
     * @param count how many
     * @return that many
     */
    public byte[] read(int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(count);
        transfer(count, bytes);
        return bytes.toByteArray();
    }

    /**
     * Reads and forgets.
     *
     * @param count how many bytes
     * @return this
     */
    public RawClient skip(long count) {
        transfer(count, OutputStream.nullOutputStream());
        return this;
    }

    /**
     * Reads the response to any method but HEAD and CONNECT.
     *
     * @return the whole response; cut short by the end of the connection, it is marked as truncated
     */
    public RawResponse readResponse() {
        return readResponse("GET");
    }

    /**
     * Reads the response to a request with the given method: HEAD and CONNECT change where it ends (RFC 9112 §6.3).
     *
     * @param requestMethod in upper case
     * @return the whole response; cut short by the end of the connection, it is marked as truncated
     */
    public RawResponse readResponse(String requestMethod) {
        return reading(() -> {
            List<ResponseHead> informational = new ArrayList<>();
            ResponseHead head = nextHead();
            while (!head.isFinal()) {
                informational.add(head);
                head = nextHead();
            }
            return finish(head, Framing.ofResponse(requestMethod, head), informational);
        });
    }

    /**
     * Reads one head and stops before its body: an informational response, or a final one whose body the test takes
     * with {@link #read} or leaves.
     *
     * @return the next head, 1xx or final
     */
    public ResponseHead readHead() {
        return reading(this::nextHead);
    }

    /**
     * Waits until the peer has closed, without another byte.
     *
     * @return in which way it closed
     * @throws WireFailure if bytes come, or the connection stays open
     */
    public Closure expectClose() {
        return reading(() -> {
            try {
                return switch (in.peek(wire.readTimeout())) {
                    case END -> Closure.FIN;
                    case NOTHING -> throw new WireFailure("connection still open after " + wire.readTimeout());
                    case BYTES -> throw new WireFailure("bytes (expected: the end of the connection)", in.buffered());
                };
            } catch (SocketException | SSLException e) {
                return Closure.RESET;
            }
        });
    }

    /**
     * Verifies that nothing comes: neither bytes nor the end.
     *
     * @param period how long to listen
     * @return this
     * @throws WireFailure if something comes
     */
    public RawClient expectSilence(Duration period) {
        return switch (reading(() -> in.peek(period))) {
            case NOTHING -> this;
            case END -> throw new WireFailure("connection closed (expected: silence for " + period + ")");
            case BYTES -> throw new WireFailure("bytes (expected: silence for " + period + ")", in.buffered());
        };
    }

    /**
     * Ends the sending direction: the peer sees the end of the stream and can still answer.
     *
     * @return this
     */
    public RawClient halfClose() {
        return reading(() -> {
            wire.halfClose();
            return this;
        });
    }

    /** Closes with an RST: the peer sees a reset connection, not an orderly end. */
    public void abort() {
        reading(() -> {
            wire.abort();
            return this;
        });
    }

    /**
     * What TLS agreed on.
     *
     * @return empty without TLS
     */
    public Optional<TlsFacts> tls() {
        return wire.tls();
    }

    /**
     * The port of this end.
     *
     * @return above 0
     */
    public int localPort() {
        return wire.local().getPort();
    }

    /** Closes in the orderly way. */
    @Override
    public void close() {
        wire.close();
    }

    private ResponseHead nextHead() throws IOException {
        return ResponseHead.read(in).orElseThrow(() -> new EOFException("connection closed before a response"));
    }

    private RawResponse finish(ResponseHead head, Framing framing, List<ResponseHead> informational)
            throws IOException {
        BodyCapture capture = new BodyCapture(KEPT_BODY_BYTES);
        BodyReader reader = new BodyReader(in, framing);
        RawResponse.Ending ending =
                framing.kind() == Framing.Kind.CLOSE ? RawResponse.Ending.CLOSED : RawResponse.Ending.FRAMED;
        try {
            reader.transferTo(capture);
        } catch (EOFException | SocketException | SSLException e) {
            // Truncation is a result here: what matters to a test is that it can be told from a complete response.
            ending = RawResponse.Ending.TRUNCATED;
        }
        return new RawResponse(head, capture.body(), reader.trailers(), informational, ending);
    }

    private void transfer(long count, OutputStream out) {
        reading(() -> {
            new BodyReader(in, new Framing(Framing.Kind.LENGTH, count)).transferTo(out);
            return count;
        });
    }

    private <T> T reading(Reading<T> reading) {
        try {
            return reading.run();
        } catch (WireInput.Truncated e) {
            throw new WireFailure(String.valueOf(e.getMessage()), e.received());
        } catch (IOException e) {
            throw new WireFailure(wire.remote() + ": " + e.getMessage(), e);
        }
    }

    /** How a peer closed. */
    public enum Closure {
        /** In the orderly way; with TLS the close_notify alert may be missing. */
        FIN,
        /** With a reset. */
        RESET
    }

    @FunctionalInterface
    private interface Reading<T> {
        T run() throws IOException;
    }
}
