package io.lb4j.acme.internal.archive;

import java.net.URI;
import java.security.KeyPair;
import java.util.Optional;

/**
 * An order that was made and may not be finished: so that whoever comes next, after a crash, goes on with it and makes no other. Immutable.
 *
 * @param location its address (RFC 8555 §7.4)
 * @param key the certificate's, from the moment before the order is finalized
 */
public record PendingOrder(URI location, Optional<KeyPair> key) {
    /** Tells the address, never the key. */
    @Override
    public String toString() {
        return "order " + location;
    }
}
