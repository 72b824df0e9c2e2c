package io.lb4j.acme.internal.archive;

import java.net.URI;
import java.security.KeyPair;
import java.util.Optional;

/**
 * An account with an authority. Immutable.
 *
 * @param key the account's
 * @param location its address (RFC 8555 §7.3), once it is registered
 * @param contact the e-mail address that it was registered with
 */
public record Account(KeyPair key, Optional<URI> location, Optional<String> contact) {
    /** Tells the address, never the key. */
    @Override
    public String toString() {
        return "account " + location.map(URI::toString).orElse("not registered");
    }
}
