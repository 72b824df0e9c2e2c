package io.lb4j.acme.internal.status;

import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.util.Optional;

/** Says what issuers say of certificates. Thread-safe; blocks until they have answered. */
public interface StatusSource {
    /** Asks nobody. */
    StatusSource NONE = certificate -> Optional.empty();

    /**
     * Returns what the issuer says of a certificate.
     *
     * @return empty if the certificate names nobody who could be asked
     * @throws IOException if the issuer cannot be asked, or does not say anything that counts
     * @throws InterruptedException if the balancer closes
     */
    Optional<IssuerStatement> ask(Certificate certificate) throws IOException, InterruptedException;
}
