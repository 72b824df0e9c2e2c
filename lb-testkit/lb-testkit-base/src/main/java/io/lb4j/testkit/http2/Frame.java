package io.lb4j.testkit.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One frame, right or wrong (RFC 9113 §4.1). Immutable.
 *
 * <p>The factories make well-formed frames; {@link #of(int, int, int, byte[])} makes any.
 */
public final class Frame {
    /** The flag of DATA and HEADERS that ends the stream. */
    public static final int END_STREAM = 0x1;
    /** The flag of SETTINGS and PING that acknowledges. */
    public static final int ACK = 0x1;
    /** The flag of HEADERS and CONTINUATION that ends the field section. */
    public static final int END_HEADERS = 0x4;
    /** The flag of DATA and HEADERS that announces padding. */
    public static final int PADDED = 0x8;
    /** The flag of HEADERS that announces a priority. */
    public static final int PRIORITY = 0x20;

    private final int typeCode;
    private final int flags;
    private final int stream;
    private final byte[] payload;

    private Frame(int typeCode, int flags, int stream, byte[] payload) {
        this.typeCode = typeCode;
        this.flags = flags;
        this.stream = stream;
        this.payload = payload.clone();
    }

    /**
     * A frame of a known type.
     *
     * @param type the type
     * @param flags the flags, or 0
     * @param stream 0 for the connection
     * @param payload copied
     * @return a frame, unchecked
     */
    public static Frame of(FrameType type, int flags, int stream, byte[] payload) {
        return new Frame(type.code(), flags, stream, payload);
    }

    /**
     * A frame of any type.
     *
     * @param typeCode from 0 to 255
     * @param flags the flags, or 0
     * @param stream sent as it is, reserved bit included
     * @param payload copied
     * @return a frame, unchecked
     */
    public static Frame of(int typeCode, int flags, int stream, byte[] payload) {
        return new Frame(typeCode, flags, stream, payload);
    }

    /**
     * DATA.
     *
     * @param stream the stream
     * @param bytes of the body
     * @param end whether the stream ends
     * @return a frame
     */
    public static Frame data(int stream, byte[] bytes, boolean end) {
        return of(FrameType.DATA, end ? END_STREAM : 0, stream, bytes);
    }

    /**
     * HEADERS with the whole field section.
     *
     * @param stream the stream
     * @param block from {@link HeaderBlock}
     * @param end whether the stream ends
     * @return a frame
     */
    public static Frame headers(int stream, byte[] block, boolean end) {
        return of(FrameType.HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block);
    }

    /**
     * CONTINUATION.
     *
     * @param stream the stream
     * @param block the next part of the field section
     * @param last whether the field section ends
     * @return a frame
     */
    public static Frame continuation(int stream, byte[] block, boolean last) {
        return of(FrameType.CONTINUATION, last ? END_HEADERS : 0, stream, block);
    }

    /**
     * RST_STREAM.
     *
     * @param stream the stream
     * @param error why
     * @return a frame
     */
    public static Frame reset(int stream, H2Error error) {
        return of(FrameType.RST_STREAM, 0, stream, ints(error.code()));
    }

    /**
     * SETTINGS.
     *
     * @param idsAndValues identifier, value, identifier, value …
     * @return a frame
     */
    public static Frame settings(int... idsAndValues) {
        ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length / 2 * 6);
        for (int i = 0; i + 1 < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        return of(FrameType.SETTINGS, 0, 0, payload.array());
    }

    /**
     * The acknowledgement of SETTINGS.
     *
     * @return a frame
     */
    public static Frame settingsAck() {
        return of(FrameType.SETTINGS, ACK, 0, new byte[0]);
    }

    /**
     * PING.
     *
     * @param opaque the eight bytes to be sent back
     * @return a frame
     */
    public static Frame ping(long opaque) {
        return of(FrameType.PING, 0, 0, ByteBuffer.allocate(8).putLong(opaque).array());
    }

    /**
     * GOAWAY.
     *
     * @param lastStream the last stream that may have been processed
     * @param error why
     * @param debug opaque text, or an empty one
     * @return a frame
     */
    public static Frame goAway(int lastStream, H2Error error, String debug) {
        byte[] text = debug.getBytes(StandardCharsets.UTF_8);
        ByteBuffer payload = ByteBuffer.allocate(8 + text.length);
        payload.putInt(lastStream).putInt(error.code()).put(text);
        return of(FrameType.GOAWAY, 0, 0, payload.array());
    }

    /**
     * WINDOW_UPDATE.
     *
     * @param stream 0 for the connection
     * @param increment sent as it is
     * @return a frame
     */
    public static Frame windowUpdate(int stream, int increment) {
        return of(FrameType.WINDOW_UPDATE, 0, stream, ints(increment));
    }

    /**
     * The code of the type.
     *
     * @return from 0 to 255
     */
    public int typeCode() {
        return typeCode;
    }

    /**
     * Whether the frame is of a type.
     *
     * @param type the type
     * @return true if the codes are equal
     */
    public boolean is(FrameType type) {
        return typeCode == type.code();
    }

    /**
     * All flags.
     *
     * @return from 0 to 255
     */
    public int flags() {
        return flags;
    }

    /**
     * Whether a flag is set.
     *
     * @param flag one of the constants
     * @return true if set
     */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /**
     * The stream.
     *
     * @return 0 for the connection
     */
    public int stream() {
        return stream;
    }

    /**
     * The payload.
     *
     * @return a copy
     */
    public byte[] payload() {
        return payload.clone();
    }

    /**
     * The length of the payload.
     *
     * @return in bytes
     */
    public int length() {
        return payload.length;
    }

    /**
     * The error code of RST_STREAM or GOAWAY.
     *
     * @return as on the wire
     * @throws IllegalStateException if the frame is of another type
     */
    public H2Error error() {
        if (is(FrameType.RST_STREAM)) {
            return H2Error.of(intAt(0));
        }
        if (is(FrameType.GOAWAY)) {
            return H2Error.of(intAt(4));
        }
        throw new IllegalStateException("error(): " + this + " (expected: RST_STREAM or GOAWAY)");
    }

    /**
     * A 32-bit number in the payload: the last stream of GOAWAY at 0, the increment of WINDOW_UPDATE at 0.
     *
     * @param offset in bytes
     * @return the reserved bit cleared
     */
    public int intAt(int offset) {
        return ByteBuffer.wrap(payload).getInt(offset) & Integer.MAX_VALUE;
    }

    /**
     * The first eight bytes of the payload: the opaque data of PING.
     *
     * @return in network byte order
     */
    public long opaque() {
        return ByteBuffer.wrap(payload).getLong();
    }

    @Override
    public String toString() {
        String name = Arrays.stream(FrameType.values())
                .filter(this::is)
                .map(FrameType::name)
                .findFirst()
                .orElseGet(() -> "type 0x" + Integer.toHexString(typeCode));
        String error = is(FrameType.RST_STREAM) || is(FrameType.GOAWAY) ? ", " + error() : "";
        return name + "[stream " + stream + ", flags 0x" + Integer.toHexString(flags) + ", " + payload.length + " bytes"
                + error + "]";
    }

    private static byte[] ints(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }
}
