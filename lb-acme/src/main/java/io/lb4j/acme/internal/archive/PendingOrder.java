package io.lb4j.acme.internal.archive;

import java.net.URI;
import java.security.KeyPair;
import java.util.Optional;

/**
 * An order that is made and may not be finished: so that whoever comes next, after a crash, goes on with it and makes no other. Immutable.
 *
 * @param location its address (RFC 8555 §7.4); empty from just before the authority is asked until it has answered
 * @param key the certificate's, from the moment before the order is finalized
 */
public record PendingOrder(Optional<URI> location, Optional<KeyPair> key) {
    /** One that the authority is about to be asked for. */
    public static final PendingOrder BEGUN = new PendingOrder(Optional.empty(), Optional.empty());

    /** Tells the address, never the key. */
    @Override
    public String toString() {
        return "order " + location.map(URI::toString).orElse("just begun");
    }
}
