package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.StoredCertificate;
import io.lb4j.acme.internal.status.IssuerStatement;
import io.lb4j.acme.internal.status.StatusSource;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what the issuer says of one certificate: asks anew in the middle of the time that its last word is for, and keeps the word while it
 * cannot be asked. Confined to the turns of a keeper.
 */
final class StatusWatch {
    private static final Logger logger = LoggerFactory.getLogger(StatusWatch.class);
    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(10);

    private final CertificateNames names;
    private final StatusSource issuers;
    private final Clock clock;
    private String serial = "";
    private Optional<IssuerStatement> last = Optional.empty();
    private Instant due = Instant.EPOCH;

    StatusWatch(CertificateNames names, StatusSource issuers, Clock clock) {
        this.names = names;
        this.issuers = issuers;
        this.clock = clock;
    }

    /** Returns what the issuer says now of a certificate; asks, if the time has come. */
    Optional<IssuerStatement> look(StoredCertificate known) throws InterruptedException {
        Instant now = clock.instant();
        if (!serial.equals(known.serial())) {
            serial = known.serial();
            last = Optional.empty();
            due = Instant.EPOCH;
        }
        boolean isPutBack = due.isAfter(now.plus(LONGEST)) && due.isBefore(Instant.MAX); // the clock, since
        if (!now.isBefore(due) || isPutBack) {
            ask(known, now);
        }
        last = last.filter(statement -> now.isBefore(statement.until()));
        return last;
    }

    private void ask(StoredCertificate known, Instant now) throws InterruptedException {
        try {
            Optional<IssuerStatement> statement = issuers.ask(known.certificate());
            due = statement
                    .map(fresh -> now.plus(pause(Duration.between(now, fresh.until()))))
                    .orElse(Instant.MAX);
            last = statement;
        } catch (IOException | RuntimeException e) {
            due = now.plus(AFTER_FAILURE);
            logger.debug("{}: whether it is revoked cannot be found out; asked again in {}", names, AFTER_FAILURE, e);
        }
    }

    private static Duration pause(Duration left) {
        Duration half = left.dividedBy(2);
        Duration bounded = half.compareTo(LONGEST) < 0 ? half : LONGEST;
        return bounded.compareTo(SHORTEST) < 0 ? SHORTEST : bounded;
    }

    /** Returns when the issuer is asked next about a certificate. */
    Instant due(StoredCertificate known) {
        return serial.equals(known.serial()) ? due : Instant.EPOCH;
    }

    /** Returns a certificate with the issuer's last word to staple. */
    Certificate stapled(StoredCertificate known) {
        Certificate certificate = known.certificate();
        return last.filter(statement -> serial.equals(known.serial()) && !statement.isRevoked())
                .flatMap(IssuerStatement::ocspResponse)
                .map(certificate::withOcspResponse)
                .orElse(certificate);
    }
}
