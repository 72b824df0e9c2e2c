package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.authority.Authority;
import io.lb4j.acme.internal.challenge.Solver;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.spi.ManagedCertificates;
import java.util.List;

/**
 * What keepers work with.
 *
 * @param options what is asked for
 * @param archive where it is kept
 * @param authorities the preferred one first
 * @param solvers in the order in which they are tried
 * @param context of the balancer
 */
public record Surroundings(
        AcmeOptions options,
        Archive archive,
        List<Authority> authorities,
        List<Solver> solvers,
        ManagedCertificates.Context context) {
    /** Copies the lists. */
    public Surroundings {
        authorities = List.copyOf(authorities);
        solvers = List.copyOf(solvers);
    }
}
