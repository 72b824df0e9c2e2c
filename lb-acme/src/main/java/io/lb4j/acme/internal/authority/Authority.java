package io.lb4j.acme.internal.authority;

import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.spi.Certificate;

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

    /** Lets go of connections. */
    @Override
    void close();
}
