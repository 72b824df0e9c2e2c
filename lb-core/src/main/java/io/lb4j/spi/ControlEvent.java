package io.lb4j.spi;

import java.util.List;
import java.util.Optional;

/** Something that has changed in what a balancer knows, or is told to do. Immutable. */
public sealed interface ControlEvent {
    /**
     * A source of certificates has others than before.
     *
     * @param certificates all of them, by their names and dates
     */
    record CertificatesChanged(List<Certificate> certificates) implements ControlEvent {
        /** Copies the list. */
        public CertificatesChanged {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * A source of certificates has something new that cannot be used; what it had before stays in force.
     *
     * @param source the source's name: its files, for example
     * @param reason why
     */
    record CertificatesRefused(String source, String reason) implements ControlEvent {}

    /**
     * Certificates that take care of themselves have something to say: see {@link ManagedCertificates.Context}.
     *
     * @param name of what has happened, in lower case with underscores: {@code certificate_obtained}
     * @param message for people; holds no secrets
     * @param failure what went wrong; empty if nothing did
     */
    record CertificateReport(String name, String message, Optional<Throwable> failure) implements ControlEvent {}
}
