package io.lb4j.error;

/** Where a failure arose. */
public enum Source {
    /** The client, or the connection to it. */
    DOWNSTREAM,
    /** The endpoint, or the connection to it. */
    UPSTREAM,
    /** The configuration: no route, no endpoint, a limit that was set. */
    CONFIG,
    /** A fault of this library, or of a plugin. */
    INTERNAL
}
