package io.lb4j.http;

/**
 * The head of a response, final or informational (RFC 9110 §15), whichever protocol it came by. Its framing fields have been
 * judged as those of a {@link RequestHead} have.
 *
 * <p>Mutable and confined to the event loop of its exchange; used again after the exchange has ended.
 */
public final class ResponseHead {
    private final Fields fields = new Fields();
    private int status = 200;
    private Version version = Version.HTTP_1_1;
    private boolean untilClose;

    /** Creates a head that says {@code HTTP/1.1 200}. */
    public ResponseHead() {
        // Every field has a default.
    }

    /** Returns the status code, from 100 to 999. */
    public int status() {
        return status;
    }

    /**
     * Sets the status code.
     *
     * @throws IllegalArgumentException if it has not three digits
     */
    public ResponseHead status(int newStatus) {
        if (newStatus < 100 || newStatus > 999) {
            throw new IllegalArgumentException("status: " + newStatus + " (expected: 100..999)");
        }
        status = newStatus;
        return this;
    }

    /** Returns whether another head follows this one: the status is 1xx, but not 101 (RFC 9110 §15.2). */
    public boolean isInformational() {
        return status < 200 && status != 101;
    }

    /** Returns the version of the leg that the response came by. */
    public Version version() {
        return version;
    }

    /** Sets the version. */
    public ResponseHead version(Version newVersion) {
        version = newVersion;
        return this;
    }

    /**
     * Returns whether the body ends only with its connection (RFC 9112 §6.3, the last case), so that nobody can tell one that is whole from one
     * that is cut.
     */
    public boolean isUntilClose() {
        return untilClose;
    }

    /** Says whether the body ends only with its connection. */
    public ResponseHead untilClose(boolean endsWithConnection) {
        untilClose = endsWithConnection;
        return this;
    }

    /** Returns the header fields; live. */
    public Fields fields() {
        return fields;
    }

    /** Makes this head as good as new. */
    public void clear() {
        fields.clear();
        status = 200;
        version = Version.HTTP_1_1;
        untilClose = false;
    }

    /** Returns a head of its own that says the same. */
    public ResponseHead copy() {
        ResponseHead copy = new ResponseHead();
        copy.fields.addAll(fields);
        copy.status = status;
        copy.version = version;
        copy.untilClose = untilClose;
        return copy;
    }

    /** Returns version and status. */
    @Override
    public String toString() {
        return version + " " + status;
    }
}
