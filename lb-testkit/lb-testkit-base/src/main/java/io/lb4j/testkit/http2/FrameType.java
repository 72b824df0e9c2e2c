package io.lb4j.testkit.http2;

/** The frame types of RFC 9113 §6. */
public enum FrameType {
    /** Body bytes. */
    DATA(0),
    /** A field section, or its beginning. */
    HEADERS(1),
    /** Deprecated, still sent by some. */
    PRIORITY(2),
    /** The abrupt end of a stream. */
    RST_STREAM(3),
    /** Parameters of the connection, or their acknowledgement. */
    SETTINGS(4),
    /** A promised response; no client of the kit wants one. */
    PUSH_PROMISE(5),
    /** A round trip. */
    PING(6),
    /** The end of new streams. */
    GOAWAY(7),
    /** Leave to send more. */
    WINDOW_UPDATE(8),
    /** The rest of a field section. */
    CONTINUATION(9);

    private final int code;

    FrameType(int code) {
        this.code = code;
    }

    /**
     * The code on the wire.
     *
     * @return from 0 to 9
     */
    public int code() {
        return code;
    }
}
