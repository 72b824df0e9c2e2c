package io.lb4j.internal.codec.http2;

/** A fault of the peer that ends a stream or the connection (RFC 9113 §5.4). Has no stack trace. */
final class Http2Error extends Exception {
    private static final long serialVersionUID = 1L;

    private final int streamId;
    private final int code;

    private Http2Error(int streamId, int code, String message) {
        super(message, null, false, false);
        this.streamId = streamId;
        this.code = code;
    }

    /** Creates an error that ends the connection. */
    static Http2Error connection(int code, String message) {
        return new Http2Error(0, code, message);
    }

    /** Creates an error that ends one stream. */
    static Http2Error stream(int streamId, int code, String message) {
        return new Http2Error(streamId, code, message);
    }

    /** Returns the stream that ends, or 0 where the connection does. */
    int streamId() {
        return streamId;
    }

    int code() {
        return code;
    }

    /** Returns a message that begins with the name of the code. */
    String description() {
        return ErrorCode.name(code) + ": " + getMessage();
    }
}
