package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.authority.Authority;
import io.lb4j.acme.internal.challenge.Solver;
import io.lb4j.acme.internal.status.StatusSource;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.spi.ManagedCertificates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What keepers work with.
 *
 * @param options what is asked for
 * @param archive where it is kept
 * @param authorities the preferred one first
 * @param solvers in the order in which they are tried
 * @param issuers say whether certificates are revoked
 * @param context of the balancer
 */
public record Surroundings(
        AcmeOptions options,
        Archive archive,
        List<Limited> authorities,
        List<Solver> solvers,
        StatusSource issuers,
        ManagedCertificates.Context context) {
    /** Copies the lists. */
    public Surroundings {
        authorities = List.copyOf(authorities);
        solvers = List.copyOf(solvers);
    }

    /**
     * An authority, and a limit of our own.
     *
     * @param authority to order from
     * @param rate of orders
     */
    public record Limited(Authority authority, OrderRate rate) {
        private static final int ORDERS = 10;
        private static final Duration SPAN = Duration.ofSeconds(10);

        /** Sets the limit to ten orders in ten seconds. */
        public static Limited of(Authority authority) {
            return new Limited(authority, new OrderRate(ORDERS, SPAN));
        }
    }

    /** Finds an authority by the name of its directory. */
    Optional<Authority> authority(String name) {
        return authorities.stream()
                .map(Limited::authority)
                .filter(authority -> authority.name().equals(name))
                .findFirst();
    }
}
