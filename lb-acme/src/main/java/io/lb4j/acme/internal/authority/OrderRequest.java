package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.challenge.Solver;
import io.lb4j.acme.model.CertificateNames;
import java.security.KeyPair;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is ordered, and how. Immutable.
 *
 * @param names of the certificate
 * @param key makes the certificate's key, or gives the one that serves again
 * @param solvers in the order in which they are tried
 * @param journal remembers the order
 */
public record OrderRequest(CertificateNames names, Supplier<KeyPair> key, List<Solver> solvers, OrderJournal journal) {
    /** Copies the list. */
    public OrderRequest {
        solvers = List.copyOf(solvers);
    }
}
