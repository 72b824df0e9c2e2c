package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.StoredCertificate;
import io.lb4j.acme.internal.authority.Authority;
import io.lb4j.acme.internal.authority.OrderRequest;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * Keeps one certificate: serves what is stored, and orders another one in time. It acts in turns, of which one runs at a time, and says after each
 * when the next is due. Confined to its turns.
 */
final class Keeper {
    private static final Duration LONGEST_WAIT = Duration.ofHours(1); // so that a clock that was put forward is noticed
    private static final Duration LOCKED_WAIT = Duration.ofSeconds(1);
    private static final Duration LOCK = Duration.ofSeconds(30);

    private final CertificateNames names;
    private final Surroundings around;
    private final Served served;
    private final RenewalTime renewal;
    private Optional<StoredCertificate> current = Optional.empty();
    private int failures;
    private Instant notBefore = Instant.EPOCH;

    Keeper(CertificateNames names, Surroundings around, Served served) {
        this.names = names;
        this.around = around;
        this.served = served;
        this.renewal = new RenewalTime(
                around.options().renewalShare(),
                Duration.ofDays(around.options().renewalDays()));
    }

    /**
     * Serves what is stored, or a certificate that vouches for itself if there is nothing.
     *
     * @throws IOException if the storage cannot be asked
     */
    void open() throws IOException {
        refresh();
        if (current.isEmpty()) {
            served.putStandIn(names);
        }
    }

    /** Takes what the storage has, if it is better: what another instance has obtained, say. */
    private void refresh() throws IOException {
        Optional<StoredCertificate> best = current;
        for (Authority authority : around.authorities()) {
            Optional<StoredCertificate> stored = around.archive().certificate(authority.name(), names);
            best = better(best, stored);
        }
        if (!best.equals(current)) {
            take(best.orElseThrow());
        }
    }

    private static Optional<StoredCertificate> better(
            Optional<StoredCertificate> one, Optional<StoredCertificate> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        Comparator<StoredCertificate> byEnd =
                Comparator.comparing(stored -> stored.certificate().notAfter());
        return byEnd.compare(one.get(), other.get()) >= 0 ? one : other;
    }

    private void take(StoredCertificate stored) {
        current = Optional.of(stored);
        failures = 0;
        served.put(names, stored.certificate());
    }

    private Instant now() {
        return around.context().clock().instant();
    }

    /** Returns when the certificate has to be ordered. */
    private Instant due() {
        Instant wanted = current.map(renewal::of).orElse(Instant.EPOCH);
        return wanted.isAfter(notBefore) ? wanted : notBefore;
    }

    /**
     * Does what is due.
     *
     * @return how long until the next turn
     * @throws InterruptedException if the balancer closes
     */
    Duration turn() throws InterruptedException {
        try {
            refresh();
            if (!now().isBefore(due()) && !order()) {
                return LOCKED_WAIT;
            }
        } catch (IOException e) {
            fail(Journal.storageFailed(names, e));
        } catch (AcmeFailure e) {
            fail(e);
        }
        Duration wait = Duration.between(now(), due());
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    /** @return false if another instance is about it */
    private boolean order() throws AcmeFailure, IOException, InterruptedException {
        Optional<AcmeStorage.Hold> taken = around.archive().storage().tryLock(names.key(), LOCK);
        if (taken.isEmpty()) {
            return false;
        }
        try (AcmeStorage.Hold hold = taken.get()) {
            refresh();
            if (!now().isBefore(due())) {
                obtain(hold);
            }
            return true;
        }
    }

    private void obtain(AcmeStorage.Hold hold) throws AcmeFailure, IOException, InterruptedException {
        AcmeFailure first = null;
        for (Authority authority : around.authorities()) {
            try {
                Journal journal = new Journal(around.archive(), authority.name(), names, hold);
                Certificate certificate =
                        authority.obtain(new OrderRequest(names, this::key, around.solvers(), journal));
                keep(new StoredCertificate(authority.name(), names, certificate, now()), hold);
                return;
            } catch (AcmeFailure e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private KeyPair key() {
        if (around.options().reusesKey() && current.isPresent()) {
            Certificate certificate = current.get().certificate();
            return new KeyPair(certificate.chain().get(0).getPublicKey(), certificate.key());
        }
        return around.options().keyType().generate();
    }

    private void keep(StoredCertificate stored, AcmeStorage.Hold hold) throws AcmeFailure, IOException {
        if (!around.archive().store(stored, hold)) {
            throw Journal.lockLost(names);
        }
        around.archive().forgetOrder(stored.authority(), names);
        String name = current.isPresent() ? "certificate_renewed" : "certificate_obtained";
        take(stored);
        around.context()
                .report(
                        name,
                        names + ": from " + stored.authority() + ", until "
                                + stored.certificate().notAfter());
    }

    private void fail(AcmeFailure failure) {
        failures++;
        Duration wait = Retry.after(failures);
        Instant asked = failure.details().retryAfter().orElse(Instant.EPOCH);
        notBefore = now().plus(wait);
        notBefore = asked.isAfter(notBefore) ? asked : notBefore;
        around.context().reportFailure("certificate_failed", names + ": tried again at " + notBefore, failure);
    }
}
