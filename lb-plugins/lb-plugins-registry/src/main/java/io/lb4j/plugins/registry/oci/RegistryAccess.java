package io.lb4j.plugins.registry.oci;

import io.lb4j.plugins.kit.SecureAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How registries are talked to. Immutable.
 *
 * @param tls whether over TLS; by default it is, but with a registry on this machine ({@code localhost}, {@code 127.0.0.1}, {@code [::1]})
 * @param authorities a file in PEM with those whose certificates are trusted, in place of the JDK's
 * @param credentials who asks
 * @param timeout how long a registry may take for one answer, its body included
 */
public record RegistryAccess(
        Optional<Boolean> tls, Optional<Path> authorities, CredentialSource credentials, Duration timeout) {
    private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(1);

    /** Returns the access that Docker would have: TLS but for this machine, the JDK's authorities, the credentials of Docker's own configuration, a minute. */
    public static RegistryAccess usual() {
        CredentialSource credentials = DockerConfig.in(DockerConfig.usual(System.getenv()));
        return new RegistryAccess(Optional.empty(), Optional.empty(), credentials, USUAL_TIMEOUT);
    }

    /** Returns where a registry is asked: {@code https://host}. */
    URI root(ImageReference image) {
        String server = image.server();
        boolean isSecured = tls.orElseGet(() -> !SecureAddress.isThisMachine(server.replaceFirst(":[0-9]+$", "")));
        return URI.create((isSecured ? "https://" : "http://") + server);
    }

    /**
     * Returns whether an address may be asked because of what another one has said: https always; http only on this machine or where it was spoken already.
     *
     * @param said who has named the address
     * @param next has a host
     */
    static boolean mayFollow(URI said, URI next) {
        if (next.getHost() == null || next.getUserInfo() != null) {
            return false;
        }
        if ("https".equals(next.getScheme())) {
            return true;
        }
        return "http".equals(next.getScheme())
                && "http".equals(said.getScheme())
                && (next.getHost().equals(said.getHost()) || SecureAddress.isThisMachine(next.getHost()));
    }
}
