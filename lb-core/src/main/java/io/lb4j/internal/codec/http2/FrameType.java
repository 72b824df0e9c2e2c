package io.lb4j.internal.codec.http2;

/** The frame types, flags and sizes of RFC 9113 §4.1 and §6. */
final class FrameType {
    static final int DATA = 0x0;
    static final int HEADERS = 0x1;
    static final int PRIORITY = 0x2;
    static final int RST_STREAM = 0x3;
    static final int SETTINGS = 0x4;
    static final int PUSH_PROMISE = 0x5;
    static final int PING = 0x6;
    static final int GOAWAY = 0x7;
    static final int WINDOW_UPDATE = 0x8;
    static final int CONTINUATION = 0x9;

    /** On DATA and HEADERS. */
    static final int FLAG_END_STREAM = 0x1;
    /** On SETTINGS and PING. */
    static final int FLAG_ACK = 0x1;
    /** On HEADERS and CONTINUATION. */
    static final int FLAG_END_HEADERS = 0x4;
    /** On DATA and HEADERS. */
    static final int FLAG_PADDED = 0x8;
    /** On HEADERS. */
    static final int FLAG_PRIORITY = 0x20;

    /** The length of a frame's header. */
    static final int HEADER_OCTETS = 9;
    /** The largest frame that may be sent unasked. */
    static final int DEFAULT_MAX_FRAME = 16_384;
    /** The windows that every stream and connection begins with. */
    static final int DEFAULT_WINDOW = 65_535;
    /** The largest stream id, and the largest window. */
    static final int MAX_31_BITS = Integer.MAX_VALUE;

    private FrameType() {}
}
