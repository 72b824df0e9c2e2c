package io.lb4j.internal.codec;

/** A client's connection as the accept stage holds it. Confined to its event loop. */
public interface ServerConnection {
    /**
     * Takes no new requests and closes when those under way have been answered: {@code Connection: close} on the last response of
     * HTTP/1.1, GOAWAY in HTTP/2. Idempotent.
     */
    void drain();

    /** Closes at once; exchanges under way fail. Idempotent. */
    void close();
}
