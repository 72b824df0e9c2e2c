package io.lb4j.internal.codec.http2;

/** What the peer has told of itself (RFC 9113 §6.5.2), with the values that hold until it does. Confined to an event loop. */
final class PeerSettings {
    static final int HEADER_TABLE_SIZE = 0x1;
    static final int ENABLE_PUSH = 0x2;
    static final int MAX_CONCURRENT_STREAMS = 0x3;
    static final int INITIAL_WINDOW_SIZE = 0x4;
    static final int MAX_FRAME_SIZE = 0x5;
    static final int MAX_HEADER_LIST_SIZE = 0x6;
    /** RFC 8441 §3. */
    static final int ENABLE_CONNECT_PROTOCOL = 0x8;
    /** RFC 9218 §2.1. */
    static final int NO_RFC7540_PRIORITIES = 0x9;

    /** What RFC 9113 §6.5.2 recommends as the least, assumed until the peer says. */
    private static final int ASSUMED_CONCURRENT_STREAMS = 100;

    private boolean received;
    private long headerTableSize = 4_096;
    private int maxConcurrentStreams = ASSUMED_CONCURRENT_STREAMS;
    private int initialWindow = FrameType.DEFAULT_WINDOW;
    private int maxFrame = FrameType.DEFAULT_MAX_FRAME;
    private boolean connectProtocol;

    /** Returns whether the peer's first SETTINGS frame has come. */
    boolean isReceived() {
        return received;
    }

    /** The peer's SETTINGS frame has come: what it does not mention keeps its value, but for the assumed ones. */
    void onFrame() {
        if (!received) {
            received = true;
            maxConcurrentStreams = Integer.MAX_VALUE;
        }
    }

    /** Takes over one setting; unknown ones are ignored (RFC 9113 §6.5.2). */
    void apply(int id, long value, boolean fromServer) throws Http2Error {
        switch (id) {
            case HEADER_TABLE_SIZE -> headerTableSize = value;
            case ENABLE_PUSH -> {
                // A server never allows push, for it never receives one (RFC 9113 §6.5.2).
                require("ENABLE_PUSH", value, 0, fromServer ? 0 : 1, ErrorCode.PROTOCOL_ERROR);
            }
            case MAX_CONCURRENT_STREAMS -> maxConcurrentStreams = (int) Math.min(value, Integer.MAX_VALUE);
            case INITIAL_WINDOW_SIZE -> {
                require("INITIAL_WINDOW_SIZE", value, 0, FrameType.MAX_31_BITS, ErrorCode.FLOW_CONTROL_ERROR);
                initialWindow = (int) value;
            }
            case MAX_FRAME_SIZE -> {
                require("MAX_FRAME_SIZE", value, 16_384, 16_777_215, ErrorCode.PROTOCOL_ERROR);
                maxFrame = (int) value;
            }
            case ENABLE_CONNECT_PROTOCOL -> {
                // RFC 8441 §3: once 1, it must not become 0
                require("ENABLE_CONNECT_PROTOCOL", value, connectProtocol ? 1 : 0, 1, ErrorCode.PROTOCOL_ERROR);
                connectProtocol = value == 1;
            }
            default -> {
                // RFC 9113 §6.5.2: unknown settings are ignored
            }
        }
    }

    long headerTableSize() {
        return headerTableSize;
    }

    int maxConcurrentStreams() {
        return maxConcurrentStreams;
    }

    int initialWindow() {
        return initialWindow;
    }

    int maxFrame() {
        return maxFrame;
    }

    boolean allowsConnectProtocol() {
        return connectProtocol;
    }

    private static void require(String name, long value, long least, long most, int code) throws Http2Error {
        if (value < least || value > most) {
            throw Http2Error.connection(code, name + ": " + value + " (expected: " + least + ".." + most + ")");
        }
    }
}
