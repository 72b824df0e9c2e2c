package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.challenge.Solver;
import io.lb4j.acme.model.CertificateNames;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What is ordered, and how. Immutable.
 *
 * @param names of the certificate
 * @param key makes the certificate's key, or gives the one that serves again
 * @param solvers in the order in which they are tried
 * @param journal remembers the order
 * @param replaces the certificate of the same authority that it stands in for (RFC 9773 §5)
 */
public record OrderRequest(
        CertificateNames names,
        Supplier<KeyPair> key,
        List<Solver> solvers,
        OrderJournal journal,
        Optional<X509Certificate> replaces) {
    /** Copies the list. */
    public OrderRequest {
        solvers = List.copyOf(solvers);
    }
}
