package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.RenewalState;
import io.lb4j.acme.internal.archive.RenewalWindow;
import io.lb4j.acme.internal.archive.StoredCertificate;
import io.lb4j.acme.internal.authority.Authority;
import io.lb4j.acme.model.AcmeFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows when authorities want certificates to be renewed (RFC 9773). Immutable. */
final class WishWatch {
    private static final Logger logger = LoggerFactory.getLogger(WishWatch.class);
    private static final Duration ASKED_AGAIN = Duration.ofHours(6); // where the authority could not be asked

    private final Surroundings around;

    WishWatch(Surroundings around) {
        this.around = around;
    }

    /**
     * Asks who has issued a certificate, if it is time to.
     *
     * @param state of this certificate
     * @return what is known then; empty if nothing is new
     * @throws InterruptedException if the balancer closes
     */
    Optional<RenewalState> ask(StoredCertificate known, RenewalState state, Instant now) throws InterruptedException {
        if (state.window().filter(window -> !window.isAskedAgainAt(now)).isPresent()) {
            return Optional.empty();
        }
        Optional<Authority> issuer = around.authority(known.authority());
        if (issuer.isEmpty()) {
            return Optional.empty();
        }
        try {
            return issuer.get().renewalWindow(known.certificate()).map(state::with);
        } catch (AcmeFailure e) {
            // Its wish is good to know, and not needed: what is known already holds.
            logger.debug("{}: when to renew could not be asked", known.names(), e);
            return state.window()
                    .map(old -> state.with(new RenewalWindow(old.start(), old.end(), now.plus(ASKED_AGAIN))));
        }
    }
}
