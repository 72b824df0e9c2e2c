package io.lb4j.testkit.http2;

import java.util.Arrays;

/** The error codes of RFC 9113 §7. */
public enum H2Error {
    /** A graceful end. */
    NO_ERROR(0x0),
    /** The peer broke the protocol. */
    PROTOCOL_ERROR(0x1),
    /** The endpoint itself failed. */
    INTERNAL_ERROR(0x2),
    /** More was sent than the window allowed. */
    FLOW_CONTROL_ERROR(0x3),
    /** SETTINGS were not acknowledged in time. */
    SETTINGS_TIMEOUT(0x4),
    /** A frame came for a stream that had ended. */
    STREAM_CLOSED(0x5),
    /** A frame had a wrong length. */
    FRAME_SIZE_ERROR(0x6),
    /** Not processed, and safe to retry. */
    REFUSED_STREAM(0x7),
    /** Nobody wants the stream any more. */
    CANCEL(0x8),
    /** HPACK state is lost. */
    COMPRESSION_ERROR(0x9),
    /** The connection behind CONNECT failed. */
    CONNECT_ERROR(0xa),
    /** The peer asks for too much. */
    ENHANCE_YOUR_CALM(0xb),
    /** TLS is weaker than required. */
    INADEQUATE_SECURITY(0xc),
    /** To be sent again over HTTP/1.1. */
    HTTP_1_1_REQUIRED(0xd),
    /** Any other code: all are to be taken for {@link #INTERNAL_ERROR}. */
    UNKNOWN(0xffff);

    private final int code;

    H2Error(int code) {
        this.code = code;
    }

    /**
     * The code on the wire.
     *
     * @return from 0 to 13, and 0xffff for {@link #UNKNOWN}
     */
    public int code() {
        return code;
    }

    /**
     * The error of a code.
     *
     * @param code as on the wire
     * @return {@link #UNKNOWN} if RFC 9113 has no such code
     */
    public static H2Error of(int code) {
        return Arrays.stream(values())
                .filter(error -> error.code == code)
                .findFirst()
                .orElse(UNKNOWN);
    }
}
