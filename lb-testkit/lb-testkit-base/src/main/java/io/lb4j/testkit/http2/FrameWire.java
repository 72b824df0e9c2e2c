package io.lb4j.testkit.http2;

import io.lb4j.testkit.net.Wire;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Frames on a connection. One thread reads; any thread writes, whole frames at a time. */
final class FrameWire {
    private static final int HEADER_BYTES = 9;

    private final Wire wire;
    private final DataInputStream in;

    FrameWire(Wire wire) throws IOException {
        this.wire = wire;
        this.in = new DataInputStream(new BufferedInputStream(wire.input(), 32 * 1024));
    }

    Wire wire() {
        return wire;
    }

    /** Reads that many bytes, for the preface. */
    byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }

    /** Reads the next frame; empty at the end of the stream. */
    Optional<Frame> read() throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length = first << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = new byte[length];
        in.readFully(payload);
        return Optional.of(Frame.of(type, flags, stream, payload));
    }

    synchronized void write(byte[] bytes) throws IOException {
        wire.output().write(bytes);
    }

    void write(Frame frame) throws IOException {
        write(bytesOf(frame));
    }

    static byte[] bytesOf(Frame frame) {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + frame.length());
        bytes.put((byte) (frame.length() >>> 16)).putShort((short) frame.length());
        bytes.put((byte) frame.typeCode()).put((byte) frame.flags()).putInt(frame.stream());
        return bytes.put(frame.payload()).array();
    }
}
