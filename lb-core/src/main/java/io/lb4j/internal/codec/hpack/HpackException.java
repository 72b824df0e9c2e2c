package io.lb4j.internal.codec.hpack;

/** A header block that cannot be decompressed: the connection's table is lost with it (RFC 9113 §4.3). Has no stack trace. */
public final class HpackException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Creates a failure.
     *
     * @param message what was seen and what was expected
     */
    public HpackException(String message) {
        super(message, null, false, false);
    }
}
