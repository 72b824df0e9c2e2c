package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http.Payload;
import io.lb4j.testkit.net.Changes;
import io.lb4j.testkit.net.Wire;
import io.lb4j.testkit.net.WireFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Either end of an HTTP/2 connection: sends what it is told, keeps what it receives. One thread runs {@link #read}; all
 * other methods may be called from any.
 */
final class H2Endpoint {
    private static final Duration PATIENCE = Changes.DEFAULT_PATIENCE;

    private static final int RETIRED_BOUND = 1_000;

    private final FrameWire frames;
    private final H2Options options;
    private final FrameReceiver receiver;
    private final Changes changes = new Changes();
    private final SendWindows windows = new SendWindows(changes);
    private final FrameQueue unclaimed = new FrameQueue();
    private final Map<Integer, StreamRecord> streams = new ConcurrentHashMap<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final Queue<Integer> retired = new ConcurrentLinkedQueue<>();
    private final AtomicInteger retiredCount = new AtomicInteger();
    private volatile boolean closed;

    H2Endpoint(Wire wire, H2Options options, HeadersListener listener) throws IOException {
        this.frames = new FrameWire(wire);
        this.options = options;
        this.receiver = new FrameReceiver(this, listener);
    }

    FrameWire frames() {
        return frames;
    }

    H2Options options() {
        return options;
    }

    Changes changes() {
        return changes;
    }

    SendWindows windows() {
        return windows;
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    void forgetViolations() {
        violations.clear();
    }

    boolean isClosed() {
        return closed;
    }

    void violation(String what) {
        violations.add(what);
    }

    /** The record of a stream, made when it is first asked for. */
    StreamRecord stream(int id) {
        return streams.computeIfAbsent(id, fresh -> new StreamRecord(fresh, receiver.initialReceiveWindow(), changes));
    }

    /** Forgets a finished stream, but only after a thousand more have finished: late frames may still concern it. */
    void retire(int stream) {
        retired.add(stream);
        if (retiredCount.incrementAndGet() > RETIRED_BOUND) {
            retiredCount.decrementAndGet();
            Optional.ofNullable(retired.poll()).ifPresent(oldest -> {
                streams.remove(oldest);
                windows.forget(oldest);
            });
        }
    }

    private Optional<StreamRecord> knownStream(int id) {
        return Optional.ofNullable(streams.get(id));
    }

    /** Reads until the connection ends. */
    void read() throws IOException {
        try {
            Optional<Frame> next = frames.read();
            while (next.isPresent()) {
                receiver.receive(next.get());
                unclaimed.add(next.get());
                changes.happened();
                next = frames.read();
            }
        } finally {
            closed = true;
            streams.values().forEach(StreamRecord::cut);
            changes.happened();
        }
    }

    /** Reads on a daemon thread until the connection ends, in whatever way. */
    void readInBackground(String threadName) {
        Thread thread = new Thread(
                () -> {
                    try {
                        read();
                    } catch (IOException e) {
                        // The connection is over, which read() has told to all who wait.
                        return;
                    }
                },
                threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until the reading has ended. */
    void awaitEnd() {
        changes.await("the end of the connection", () -> Optional.of(this).filter(H2Endpoint::isClosed));
    }

    void send(Frame frame) throws IOException {
        frames.write(frame);
    }

    void sendHeaders(int stream, Fields fields, boolean end) throws IOException {
        send(Frame.headers(stream, HeaderBlock.of(fields), end));
    }

    /** Sends body bytes as the windows allow; waits for them. */
    void sendData(int stream, byte[] bytes, int length, boolean end) throws IOException {
        int sent = 0;
        while (sent < length) {
            int count = windows.take(stream, length - sent, PATIENCE, () -> isHopeless(stream));
            if (count == 0) {
                throw new EOFException("stream " + stream + ": no leave to send byte " + sent + " of " + length);
            }
            boolean last = end && sent + count == length;
            send(Frame.data(stream, Arrays.copyOfRange(bytes, sent, sent + count), last));
            sent += count;
        }
        if (length == 0 && end) {
            send(Frame.data(stream, new byte[0], true));
        }
    }

    void sendPayload(int stream, long length, boolean end) throws IOException {
        Payload.write(length, new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                sendData(stream, Arrays.copyOfRange(bytes, offset, offset + count), count, false);
            }
        });
        sendData(stream, new byte[0], 0, end);
    }

    /** Opens the windows again after that many bytes. */
    void open(StreamRecord stream, int bytes) throws IOException {
        if (bytes == 0) {
            return;
        }
        receiver.opened(bytes);
        send(Frame.windowUpdate(0, bytes));
        if (!stream.isOver()) {
            stream.opened(bytes);
            send(Frame.windowUpdate(stream.id(), bytes));
        }
    }

    /** Waits for a frame that no one has claimed yet, and claims it. */
    Frame awaitFrame(String awaited, Predicate<Frame> wanted) {
        return changes.await(awaited + " (received: " + unclaimed + ")", () -> {
            Optional<Frame> found = unclaimed.claim(wanted);
            if (found.isEmpty() && closed) {
                throw new WireFailure("connection closed while awaiting " + awaited + "; received " + unclaimed);
            }
            return found;
        });
    }

    /** Sends a PING and waits until it comes back: by then the peer has processed all that was sent before. */
    void ping() throws IOException {
        Frame ping = Frame.ping(System.nanoTime());
        send(ping);
        long opaque = ping.opaque();
        awaitFrame(
                "acknowledged PING",
                frame -> frame.is(FrameType.PING) && frame.has(Frame.ACK) && frame.opaque() == opaque);
    }

    void expectNone(Predicate<Frame> unwanted) {
        unclaimed.claim(unwanted).ifPresent(frame -> {
            throw new WireFailure(frame + " (expected: none such)");
        });
    }

    private boolean isHopeless(int stream) {
        return closed || knownStream(stream).flatMap(StreamRecord::reset).isPresent();
    }

    /** Told of field sections as they are complete. */
    @FunctionalInterface
    interface HeadersListener {
        void onHeaders(StreamRecord stream, boolean first);
    }
}
