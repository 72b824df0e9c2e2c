package io.lb4j.plugins.registry.oci;

import java.io.IOException;
import java.util.Optional;

/** Knows credentials for hosts. Asked each time that a registry wants some; may block. Thread-safe. */
@FunctionalInterface
public interface CredentialSource {
    /**
     * Returns the credentials for a host.
     *
     * @param host with its port, if it has one; Docker Hub is {@code index.docker.io}
     * @throws IOException if that cannot be found out
     */
    Optional<Credentials> find(String host) throws IOException;

    /** Returns a source that knows none. */
    static CredentialSource none() {
        return host -> Optional.empty();
    }
}
