package io.lb4j.acme.internal.life;

import io.lb4j.acme.model.CertificateNames;

/** Whether a certificate may be ordered. Thread-safe; may block. */
@FunctionalInterface
public interface Leave {
    /** For what is configured: always. */
    Leave ALWAYS = (names, isNew) -> true;

    /**
     * Returns whether a certificate may be ordered now.
     *
     * @param isNew if there has been none before
     * @throws InterruptedException if the balancer closes
     */
    boolean isGiven(CertificateNames names, boolean isNew) throws InterruptedException;
}
