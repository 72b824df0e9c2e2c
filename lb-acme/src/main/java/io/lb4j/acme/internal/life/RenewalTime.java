package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.StoredCertificate;
import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate is renewed: in the last share of its lifetime, and not earlier than so many days before its end. Shares are what counts,
 * because lifetimes shrink: 30 days would be half of a certificate's that lasts 60. Immutable.
 *
 * @param share of the lifetime
 * @param before its end
 */
record RenewalTime(double share, Duration before) {
    Instant of(StoredCertificate stored) {
        Duration byShare = Duration.ofMillis((long) (stored.lifetime().toMillis() * share));
        Duration ahead = byShare.compareTo(before) < 0 ? byShare : before;
        return stored.certificate().notAfter().minus(ahead);
    }
}
