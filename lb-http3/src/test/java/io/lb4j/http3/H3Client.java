package io.lb4j.http3;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tech.kwik.core.ConnectionTerminatedEvent;
import tech.kwik.core.QuicClientConnection;
import tech.kwik.core.QuicSessionTicket;
import tech.kwik.core.QuicStream;
import tech.kwik.core.frame.QuicFrame;
import tech.kwik.core.impl.QuicClientConnectionImpl;
import tech.kwik.qpack.Decoder;
import tech.kwik.qpack.Encoder;

/** A client of HTTP/3 that shares no code with ours, frame by frame: QUIC and QPACK of kwik, the frames by hand. */
final class H3Client implements AutoCloseable {
    static final int DATA = 0x0;
    static final int HEADERS = 0x1;
    static final int CANCEL_PUSH = 0x3;
    static final int SETTINGS = 0x4;
    static final int PUSH_PROMISE = 0x5;
    static final int GOAWAY = 0x7;
    static final int MAX_PUSH_ID = 0xd;
    static final int H3_DATAGRAM = 0x33;
    private static final int CONTROL_STREAM = 0x0;
    private static final int PUSH_STREAM = 0x1;
    private static final int MOST_ATTEMPTS = 4;
    private static final byte[] DATAGRAMS = {H3_DATAGRAM, 1};
    private static final byte[] TABLE_FOR_RESPONSES = {0x1, 0x50, 0, 0x7, 0x40, 100
    }; // of 4,096 octets, and 100 may wait for entries

    static {
        KwikServer.leaveAssertionsOut();
    }

    private final QuicClientConnection connection;
    private final BlockingQueue<H3Frame> control = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> datagrams = new LinkedBlockingQueue<>();
    private final BlockingQueue<Push> pushes = new LinkedBlockingQueue<>();
    private final CompletableFuture<ConnectionTerminatedEvent> ended = new CompletableFuture<>();
    private final List<QuicStream> early = new ArrayList<>();
    private final Nudges nudges = new Nudges();

    private @Nullable QuicStream ownControl; // once the handshake is over
    private int attempts = 1;

    private H3Client(QuicClientConnection connection) {
        this.connection = connection;
    }

    static H3Client connect(int port) {
        return connect(port, builder -> {});
    }

    /** Connects with the ticket of an earlier connection, and sends a whole request before the handshake is over. */
    static H3Client resume(int port, QuicSessionTicket ticket, byte[] request) {
        return connect(
                port,
                builder -> builder.sessionTicket(ticket),
                List.of(new QuicClientConnection.StreamEarlyData(request, true)));
    }

    static H3Client connect(int port, Consumer<QuicClientConnection.Builder> more) {
        return connect(port, more, List.of());
    }

    /**
     * Connects; where that is in vain, once more: kwik 0.10.8 may read the ServerHello before its own ClientHello is on the books, and then never
     * has the keys of the handshake.
     */
    private static H3Client connect(
            int port, Consumer<QuicClientConnection.Builder> more, List<QuicClientConnection.StreamEarlyData> early) {
        for (int attempt = 1; ; attempt++) {
            try {
                H3Client client = connectOnce(port, more, early);
                client.attempts = attempt;
                return client;
            } catch (UncheckedIOException e) {
                if (attempt == MOST_ATTEMPTS || !(e.getCause() instanceof ConnectException)) {
                    throw e;
                }
            }
        }
    }

    /** Connects as one that takes datagrams of QUIC and of HTTP. */
    static H3Client connectForDatagrams(int port) {
        H3Client client = connect(port, QuicClientConnection.Builder::enableDatagramExtension);
        client.quic().setDatagramHandler(client.datagrams::add);
        return client;
    }

    static H3Client connectOnce(
            int port, Consumer<QuicClientConnection.Builder> more, List<QuicClientConnection.StreamEarlyData> early) {
        return connectOnce(port, more, early, DATAGRAMS);
    }

    /** Connects as one that offers a dynamic table for responses, which it has not. */
    static H3Client connectWithTable(int port) {
        return connectOnce(port, builder -> {}, List.of(), TABLE_FOR_RESPONSES);
    }

    private static H3Client connectOnce(
            int port,
            Consumer<QuicClientConnection.Builder> more,
            List<QuicClientConnection.StreamEarlyData> early,
            byte[] settings) {
        try {
            QuicClientConnection.Builder builder = QuicClientConnection.newBuilder()
                    .uri(URI.create("https://localhost:" + port))
                    .applicationProtocol("h3")
                    .connectTimeout(Duration.ofSeconds(5))
                    .maxOpenPeerInitiatedUnidirectionalStreams(10)
                    .preferIPv4()
                    .noServerCertificateCheck();
            more.accept(builder);
            H3Client client = new H3Client(builder.build());
            client.begin(early, settings);
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "h3-client");
        thread.setDaemon(true);
        return thread;
    }

    private void begin(List<QuicClientConnection.StreamEarlyData> early, byte[] own) throws IOException {
        connection.setPeerInitiatedStreamCallback(
                stream -> thread(() -> readFrom(stream)).start());
        connection.setConnectionListener(ended::complete);
        this.early.addAll(connection.connect(early));
        try {
            QuicStream settings = connection.createStream(false);
            settings.getOutputStream().write(CONTROL_STREAM);
            settings.getOutputStream().write(frame(SETTINGS, own));
            settings.getOutputStream().flush();
            nudge(settings);
            ownControl = settings;
        } catch (IOException e) {
            // refused again right behind the handshake: ended() tells
        }
    }

    private void readFrom(QuicStream stream) {
        try {
            InputStream in = stream.getInputStream();
            long type = H3Frame.readInteger(in);
            if (type == PUSH_STREAM) {
                pushes.add(new Push(H3Frame.readInteger(in), new H3Exchange(stream)));
            }
            while (type == CONTROL_STREAM) {
                control.add(H3Frame.read(in));
            }
        } catch (IOException e) {
            // the connection has ended
        }
    }

    /** A response that was not asked for: its number, and where it comes. */
    record Push(long id, H3Exchange stream) {}

    /** Returns the next push stream. */
    Push nextPush() {
        try {
            return Objects.requireNonNull(pushes.poll(30, TimeUnit.SECONDS), "push stream: none within 30 seconds");
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Sends a frame with one integer on the control stream. */
    void sendControl(long type, long value) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        H3Frame.writeInteger(payload, value);
        sendControl(type, payload.toByteArray());
    }

    /** Sends a frame on the control stream. */
    void sendControl(long type, byte[] payload) {
        try {
            OutputStream out = Objects.requireNonNull(ownControl).getOutputStream();
            out.write(frame(type, payload));
            out.flush();
        } catch (IOException e) {
            // Taken where the connection has ended, perhaps for the frame itself before flush() was through.
            ended().copy().orTimeout(5, TimeUnit.SECONDS).join();
        }
    }

    /** Returns the stream that the client may not do without. */
    H3Exchange ownControl() {
        return new H3Exchange(Objects.requireNonNull(ownControl));
    }

    /** Returns the next frame of a type on the server's control stream. */
    H3Frame nextControl(int type) {
        try {
            for (; ; ) {
                H3Frame frame = control.poll(30, TimeUnit.SECONDS);
                if (frame == null) {
                    throw new AssertionError("control frame " + type + ": none within 30 seconds");
                }
                if (frame.type() == type) {
                    return frame;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Returns the frames of the server's control stream that nobody has taken yet. */
    List<H3Frame> control() {
        return List.copyOf(control);
    }

    /** Returns the next datagram, waiting for it so long. */
    Optional<byte[]> pollDatagram(Duration atMost) {
        try {
            return Optional.ofNullable(datagrams.poll(atMost.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Returns how often it had to begin a connection until it had one. */
    int attempts() {
        return attempts;
    }

    /** Completes when the connection has ended. */
    CompletableFuture<ConnectionTerminatedEvent> ended() {
        return ended;
    }

    QuicClientConnectionImpl quic() {
        return (QuicClientConnectionImpl) connection;
    }

    /** Sends a frame, whatever the server has granted, and again where it is lost: the server may not have all keys yet. */
    void send(QuicFrame frame) {
        quic().send(frame, this::send, true);
    }

    /** Returns the request that was sent before the handshake was over. */
    H3Exchange early() {
        return new H3Exchange(early.get(0));
    }

    /** Opens a stream without a word. */
    H3Exchange open() {
        return open(true);
    }

    /** Opens a unidirectional stream without a word. */
    H3Exchange openUnidirectional() {
        return open(false);
    }

    private H3Exchange open(boolean bothWays) {
        try {
            QuicStream stream = connection.createStream(bothWays);
            nudge(stream);
            return new H3Exchange(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void nudge(QuicStream stream) {
        nudges.add(quic(), stream);
    }

    /** Makes a request without a body and returns the answer. */
    H3Answer get(String path) {
        return open().head("GET", path).end().answer();
    }

    /** Makes a request with a body and returns the answer. */
    H3Answer post(String path, byte[] body) {
        return open().head("POST", path).data(body).end().answer();
    }

    static byte[] frame(long type, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        H3Frame.writeInteger(out, type);
        H3Frame.writeInteger(out, payload.length);
        out.writeBytes(payload);
        return out.toByteArray();
    }

    static byte[] section(List<Map.Entry<String, String>> fields) {
        ByteBuffer block = Encoder.newBuilder().build().compressHeaders(fields).flip();
        byte[] octets = new byte[block.remaining()];
        block.get(octets);
        return octets;
    }

    static List<Map.Entry<String, String>> fields(byte[] section) {
        try {
            return new ArrayList<>(Decoder.newBuilder().build().decodeStream(new ByteArrayInputStream(section)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        nudges.close();
        connection.close();
    }

    /** A frame as it came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record H3Frame(long type, byte[] payload) {
        static H3Frame read(InputStream in) throws IOException {
            long type = readInteger(in);
            byte[] payload = in.readNBytes((int) readInteger(in));
            return new H3Frame(type, payload);
        }

        /** Reads an integer of RFC 9000 §16. */
        static long readInteger(InputStream in) throws IOException {
            int first = in.read();
            if (first < 0) {
                throw new EOFException();
            }
            long value = first & 0x3f;
            for (int more = (1 << (first >> 6)) - 1; more > 0; more--) {
                value = value << 8 | in.read();
            }
            return value;
        }

        static void writeInteger(ByteArrayOutputStream out, long value) {
            int octets = value < 64 ? 1 : value < 1L << 30 ? 4 : 8;
            int prefix = Integer.numberOfTrailingZeros(octets) << 6;
            for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
                out.write(((int) (value >> shift) & 0xff) | (shift == 8 * (octets - 1) ? prefix : 0));
            }
        }

        /** Returns the payload as one integer. */
        long integer() {
            try {
                return readInteger(new ByteArrayInputStream(payload));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
