package io.lb4j.internal.tls;

import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.ChallengeResponder;
import java.util.List;
import java.util.Optional;

/**
 * Where a listener's certificates come from. Immutable.
 *
 * @param sources asked first, in this order; already started
 * @param lastResort asked where none of the sources has a certificate for the name
 * @param challenges answers handshakes by which an authority validates a name; empty where nobody does
 */
public record ServerCertificates(
        List<CertificateSource> sources, List<CertificateSource> lastResort, Optional<ChallengeResponder> challenges) {
    /** Copies what it is given. */
    public ServerCertificates {
        sources = List.copyOf(sources);
        lastResort = List.copyOf(lastResort);
    }

    /** Names sources without a last resort; no challenges are answered. */
    public static ServerCertificates of(List<CertificateSource> sources) {
        return new ServerCertificates(sources, List.of(), Optional.empty());
    }
}
