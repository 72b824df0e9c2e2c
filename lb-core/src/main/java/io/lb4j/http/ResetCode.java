package io.lb4j.http;

/**
 * Why a stream was ended before its message was whole, in terms that every protocol can carry: an error code in HTTP/2
 * (RFC 9113 §7) and HTTP/3 (RFC 9114 §8.1); a closed connection in HTTP/1.1, which has no codes.
 */
public enum ResetCode {
    /** No error: the rest of the message is not wanted any more. */
    NO_ERROR(0x0, 0x100),
    /** The peer broke the protocol. */
    PROTOCOL_ERROR(0x1, 0x101),
    /** A fault of our own. */
    INTERNAL_ERROR(0x2, 0x102),
    /** The peer sent more than its window allowed. */
    FLOW_CONTROL_ERROR(0x3, 0x101),
    /** A frame came on a stream whose sender had already ended it. */
    STREAM_CLOSED(0x5, 0x101),
    /** A frame had a size that its type does not allow. */
    FRAME_SIZE_ERROR(0x6, 0x106),
    /** The stream was not processed at all: the request may be sent again. */
    REFUSED_STREAM(0x7, 0x10b),
    /** The stream is not wanted any more. */
    CANCEL(0x8, 0x10c),
    /** A header block could not be decompressed. */
    COMPRESSION_ERROR(0x9, 0x200),
    /** The tunnel's far side failed. */
    CONNECT_ERROR(0xa, 0x10f),
    /** The peer's behaviour causes excessive load. */
    ENHANCE_YOUR_CALM(0xb, 0x107),
    /** The transport is not secure enough. */
    INADEQUATE_SECURITY(0xc, 0x101),
    /** The request is to be made again over HTTP/1.1. */
    HTTP_1_1_REQUIRED(0xd, 0x110),
    /** The message was malformed. */
    MESSAGE_ERROR(0x1, 0x10e),
    /** The message ended before it was whole. */
    REQUEST_INCOMPLETE(0x8, 0x10d);

    private static final ResetCode[] CODES = values();

    private final int http2;
    private final int http3;

    ResetCode(int http2, int http3) {
        this.http2 = http2;
        this.http3 = http3;
    }

    /** Returns the error code of RFC 9113 §7. */
    public int http2Code() {
        return http2;
    }

    /** Returns the error code of RFC 9114 §8.1 or RFC 9204 §6. */
    public int http3Code() {
        return http3;
    }

    /**
     * Returns whether a server says by it that it has not processed the request, which may so be made again. After a response has begun, it says so
     * no more.
     */
    public boolean saysUnprocessed() {
        return this == REFUSED_STREAM || this == HTTP_1_1_REQUIRED;
    }

    /**
     * Returns what an HTTP/2 error code means; a code that is not known counts as {@link #INTERNAL_ERROR} (RFC 9113 §7).
     *
     * @param code the code as received, unsigned 32 bits
     */
    public static ResetCode fromHttp2(long code) {
        for (ResetCode candidate : CODES) {
            if (candidate.http2 == code) {
                return candidate;
            }
        }
        return INTERNAL_ERROR;
    }

    /**
     * Returns what an HTTP/3 error code means; a code that is not known counts as {@link #NO_ERROR} (RFC 9114 §9).
     *
     * @param code the code as received, up to 62 bits
     */
    public static ResetCode fromHttp3(long code) {
        for (ResetCode candidate : CODES) {
            if (candidate.http3 == code) {
                return candidate;
            }
        }
        return NO_ERROR;
    }
}
