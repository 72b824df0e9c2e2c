package io.lb4j.it.streaming;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.http2.Frame;
import io.lb4j.testkit.http2.FrameType;
import io.lb4j.testkit.http2.HeaderBlock;
import io.lb4j.testkit.net.Wire;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Either end of an HTTP/2 connection that carries bodies of any size: it keeps no more of them than the windows allow, and opens these as
 * its lines are read.
 */
final class H2Peer {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
    private static final int DEFAULT_WINDOW = 65_535;
    private static final int FRAME_HEADER = 9;
    private static final int LARGE_WINDOW = 1 << 24;

    private final Wire wire;
    private final DataInputStream in;
    private final boolean isClient;
    private final Origin.Service service;
    private final Map<Integer, H2Line> lines = new ConcurrentHashMap<>();
    private int nextStream = 1; // guarded by this
    private int sendWindow = DEFAULT_WINDOW; // guarded by this
    private int initialWindow = DEFAULT_WINDOW; // guarded by this
    private boolean closed; // guarded by this

    private H2Peer(Wire wire, boolean isClient, Origin.Service service) throws IOException {
        this.wire = wire;
        this.isClient = isClient;
        this.service = service;
        in = new DataInputStream(new BufferedInputStream(wire.input(), 64 * 1024));
    }

    /** Begins to speak as a client. */
    static H2Peer client(Wire wire) throws IOException {
        H2Peer peer = new H2Peer(wire, true, line -> {});
        wire.output().write(PREFACE);
        peer.greet();
        Lines.start("h2-client", peer::receiveAll);
        return peer;
    }

    /** Serves a connection until it ends. */
    static void serve(Wire wire, Origin.Service service) throws IOException {
        H2Peer peer = new H2Peer(wire, false, service);
        peer.in.skipNBytes(PREFACE.length);
        peer.greet();
        peer.receiveAll();
    }

    private void greet() throws IOException {
        send(Frame.settings());
        // The connection's window is large: what holds a line back is its own.
        send(Frame.windowUpdate(0, LARGE_WINDOW));
    }

    /** Asks for a path, with a body. */
    H2Line ask(String path) throws IOException {
        H2Line line;
        synchronized (this) {
            line = new H2Line(this, nextStream, initialWindow);
            nextStream += 2;
            lines.put(line.id(), line);
            Fields head = Fields.of(":method", "PUT", ":scheme", "http", ":authority", "localhost", ":path", path);
            send(Frame.headers(line.id(), HeaderBlock.of(head), false));
        }
        return line;
    }

    /** Begins the response of a line. */
    void answer(H2Line line) throws IOException {
        send(Frame.headers(line.id(), HeaderBlock.of(Fields.of(":status", "200")), false));
    }

    void send(Frame frame) throws IOException {
        byte[] octets = new byte[FRAME_HEADER + frame.length()];
        ByteBuffer.wrap(octets)
                .putInt(frame.length() << 8 | frame.typeCode())
                .put((byte) frame.flags())
                .putInt(frame.stream())
                .put(frame.payload());
        sendRaw(octets);
    }

    /** Sends DATA as far as the windows allow, and waits for them. */
    void sendData(H2Line line, byte[] octets, int offset, int count) throws IOException {
        int sent = 0;
        while (sent < count) {
            int part = takeWindow(line, Math.min(count - sent, 16_384));
            byte[] frame = new byte[FRAME_HEADER + part];
            ByteBuffer.wrap(frame)
                    .putInt(part << 8 | FrameType.DATA.code())
                    .put((byte) 0)
                    .putInt(line.id())
                    .put(octets, offset + sent, part);
            sendRaw(frame);
            sent += part;
        }
    }

    private void sendRaw(byte[] octets) throws IOException {
        synchronized (wire) {
            wire.output().write(octets);
        }
    }

    private synchronized int takeWindow(H2Line line, int most) throws IOException {
        Lines.await(this, () -> closed || line.isGone() || Math.min(sendWindow, line.sendWindow()) > 0);
        if (closed || line.isGone()) {
            throw new IOException("stream " + line.id() + ": gone");
        }
        int part = Math.min(most, Math.min(sendWindow, line.sendWindow()));
        sendWindow -= part;
        line.enlargeSendWindow(-part);
        return part;
    }

    private void receiveAll() throws IOException {
        try {
            while (true) {
                int lengthAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = new byte[lengthAndType >>> 8];
                in.readFully(payload);
                receive(Frame.of(lengthAndType & 0xff, flags, stream, payload), payload);
            }
        } finally {
            synchronized (this) {
                closed = true;
                notifyAll();
            }
            lines.values().forEach(H2Line::cut);
        }
    }

    private void receive(Frame frame, byte[] payload) throws IOException {
        H2Line line = lines.get(frame.stream());
        if (frame.is(FrameType.DATA) && line != null) {
            line.received(payload, frame.has(Frame.END_STREAM));
        } else if (frame.is(FrameType.HEADERS)) {
            onHeaders(frame, line);
        } else if (frame.is(FrameType.WINDOW_UPDATE)) {
            onWindow(frame, line);
        } else if (frame.is(FrameType.SETTINGS) && !frame.has(Frame.ACK)) {
            onSettings(payload);
        } else if (frame.is(FrameType.PING) && !frame.has(Frame.ACK)) {
            send(Frame.of(FrameType.PING, Frame.ACK, 0, payload));
        } else if (frame.is(FrameType.RST_STREAM) && line != null) {
            line.cut();
            synchronized (this) {
                notifyAll();
            }
        } else if (frame.is(FrameType.GOAWAY)) {
            throw new IOException(frame.toString());
        }
    }

    private void onHeaders(Frame frame, @Nullable H2Line known) {
        if (isClient || known != null) {
            if (frame.has(Frame.END_STREAM) && known != null) {
                known.received(new byte[0], true);
            }
            return;
        }
        H2Line asked;
        synchronized (this) {
            asked = new H2Line(this, frame.stream(), initialWindow);
            lines.put(frame.stream(), asked);
        }
        if (frame.has(Frame.END_STREAM)) {
            asked.received(new byte[0], true);
        }
        Lines.start("h2-service", () -> {
            answer(asked);
            service.serve(asked);
        });
    }

    private synchronized void onWindow(Frame frame, @Nullable H2Line line) {
        if (frame.stream() == 0) {
            sendWindow += frame.intAt(0);
        } else if (line != null) {
            line.enlargeSendWindow(frame.intAt(0));
        }
        notifyAll();
    }

    private synchronized void onSettings(byte[] payload) throws IOException {
        for (ByteBuffer settings = ByteBuffer.wrap(payload); settings.hasRemaining(); ) {
            boolean isWindow = settings.getShort() == 4;
            int value = settings.getInt();
            if (isWindow) {
                int difference = value - initialWindow;
                initialWindow = value;
                lines.values().forEach(line -> line.enlargeSendWindow(difference));
            }
        }
        notifyAll();
        send(Frame.settingsAck());
    }
}
