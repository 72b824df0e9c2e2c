package io.lb4j.internal.snapshot;

/** How a try at an endpoint ended, as far as it tells something of the endpoint. */
public enum Outcome {
    /** The endpoint answered, and its answer is not one that counts as a failure. */
    SUCCESS,
    /** No connection could be made, or its TLS handshake failed. */
    FAILURE_CONNECT,
    /** The answer did not come in time. */
    FAILURE_TIMEOUT,
    /** The connection or the stream broke before the answer was whole, or the answer was malformed. */
    FAILURE_RESET,
    /** The endpoint answered with a status that counts as a failure: 502, 503 and 504, unless configured otherwise. */
    FAILURE_STATUS,
    /** The client, or a faster try, made the answer needless: counts neither for the endpoint nor against it. */
    CANCELLED;

    /** Returns whether it counts against the endpoint. */
    public boolean isFailure() {
        return this != SUCCESS && this != CANCELLED;
    }
}
