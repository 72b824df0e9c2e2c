package io.lb4j.plugins.registry;

import io.lb4j.plugins.registry.oci.CredentialSource;
import io.lb4j.plugins.registry.oci.RegistryAccess;
import io.lb4j.plugins.registry.oci.RegistryClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Clients of registries, with the patience that a busy machine needs. */
public final class Clients {
    private Clients() {}

    /** Returns a client that nobody knows. */
    public static RegistryClient anonymous() throws IOException {
        return with(CredentialSource.none());
    }

    /** Returns a client with credentials. */
    public static RegistryClient with(CredentialSource credentials) throws IOException {
        return new RegistryClient(
                new RegistryAccess(Optional.empty(), Optional.empty(), credentials, Duration.ofMinutes(1)));
    }
}
