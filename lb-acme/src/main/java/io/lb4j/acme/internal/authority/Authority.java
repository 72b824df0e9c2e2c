package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.archive.RenewalWindow;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.spi.Certificate;
import java.util.Optional;

/**
 * A certificate authority, as those see it who decide when to ask it. Thread-safe; its methods block until it has answered.
 */
public interface Authority extends AutoCloseable {
    /** Returns the name of its directory. */
    String name();

    /**
     * Obtains a certificate.
     *
     * @throws AcmeFailure if there is none; with what the authority said
     * @throws InterruptedException if the balancer closes
     */
    Certificate obtain(OrderRequest request) throws AcmeFailure, InterruptedException;

    /**
     * Asks when a certificate of this authority is to be renewed (RFC 9773).
     *
     * @return empty if the authority does not tell
     * @throws AcmeFailure if it cannot be asked
     * @throws InterruptedException if the balancer closes
     */
    Optional<RenewalWindow> renewalWindow(Certificate certificate) throws AcmeFailure, InterruptedException;

    /**
     * Revokes a certificate of this authority. One that is revoked already is no failure.
     *
     * @throws AcmeFailure if it refuses, or cannot be asked
     * @throws InterruptedException if the balancer closes
     */
    void revoke(Certificate certificate, RevocationReason reason) throws AcmeFailure, InterruptedException;

    /**
     * Gives our account another key, and forgets the old one. Waits for orders under way.
     *
     * @return false if there is no account yet
     * @throws AcmeFailure if the authority refuses, or cannot be asked
     * @throws InterruptedException if the balancer closes
     */
    boolean changeAccountKey() throws AcmeFailure, InterruptedException;

    /** Returns the authority's endpoint for trials, which is asked first after a failure, so that the limits in earnest are spared. */
    Optional<Authority> rehearsal();

    /** Lets go of connections. */
    @Override
    void close();
}
