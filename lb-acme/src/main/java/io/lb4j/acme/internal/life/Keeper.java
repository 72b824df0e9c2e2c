package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.RenewalState;
import io.lb4j.acme.internal.archive.StoredCertificate;
import io.lb4j.acme.internal.authority.Authority;
import io.lb4j.acme.internal.status.IssuerStatement;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.spi.Certificate;
import io.lb4j.stats.CertificateStatistics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one certificate: serves what is stored, and has another one ordered in time. It acts in turns, and says after each when the next is due.
 * Thread-safe: one turn at a time.
 *
 * <p>What a turn does stands together, however long that is: each step may be the last, and all share what the lock guards.
 */
final class Keeper {
    private static final Logger logger = LoggerFactory.getLogger(Keeper.class);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1); // so that a clock that was put forward is noticed
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration LOCKED_WAIT = Duration.ofSeconds(1);
    private static final Duration LOCK = Duration.ofSeconds(15);

    private final CertificateNames names;
    private final Surroundings around;
    private final Served served;
    private final Leave leave;
    private final Purchase purchase;
    private final RenewalTime renewal;
    private final StatusWatch status;
    private final WishWatch wishes;
    private final ReentrantLock turns = new ReentrantLock();
    private Optional<StoredCertificate> current = Optional.empty(); // guarded by turns, as all below
    private RenewalState state = RenewalState.NONE;
    private Optional<String> lastFailure = Optional.empty();
    private String warnedOf = ""; // a serial number
    private volatile CertificateStatistics statistics;
    private volatile Optional<Certificate> held = Optional.empty();

    /** @param leave is asked for before each order */
    Keeper(CertificateNames names, Surroundings around, Served served, Leave leave) {
        this.names = names;
        this.around = around;
        this.served = served;
        this.leave = leave;
        this.purchase = new Purchase(names, around);
        this.renewal = new RenewalTime(
                around.options().renewalShare(),
                Duration.ofDays(around.options().renewalDays()));
        this.status = new StatusWatch(names, around.issuers(), around.context().clock());
        this.wishes = new WishWatch(around);
        this.statistics = statistics();
    }

    CertificateNames names() {
        return names;
    }

    /**
     * Serves what is stored, or a certificate that vouches for itself if there is nothing.
     *
     * @throws IOException if the storage cannot be asked
     */
    void open() throws IOException {
        try {
            refresh();
        } finally {
            if (current.isEmpty()) {
                served.putStandIn(names);
            }
            statistics = statistics();
        }
    }

    /**
     * Takes what the storage has, unless a turn is under way, which does so itself.
     *
     * @return whether there was something better
     * @throws IOException if the storage cannot be asked
     */
    boolean look() throws IOException {
        if (!turns.tryLock()) {
            return false;
        }
        try {
            Optional<StoredCertificate> before = current;
            refresh();
            statistics = statistics();
            return !before.equals(current);
        } finally {
            turns.unlock();
        }
    }

    /** Takes what the storage has: what another instance has obtained, say. What is held counts where the storage has nothing. */
    private void refresh() throws IOException {
        Optional<StoredCertificate> best = Optional.empty();
        for (Surroundings.Limited limited : around.authorities()) {
            String authority = limited.authority().name();
            // Of one authority the last that was written, whatever the clocks of those who wrote say.
            Optional<StoredCertificate> stored = around.archive().certificate(authority, names);
            best = StoredCertificate.later(
                    best, stored.isPresent() ? stored : current.filter(known -> known.isFrom(authority)));
        }
        if (best.isPresent() && !best.equals(current)) {
            take(best.get());
        }
        RenewalState stored = around.archive().renewal(names);
        state = current.map(known -> stored.about(known.serial())).orElse(stored);
    }

    private void take(StoredCertificate stored) {
        current = Optional.of(stored);
        lastFailure = Optional.empty();
        serve(status.stapled(stored));
    }

    private void serve(Certificate certificate) {
        held = Optional.of(certificate);
        served.put(names, certificate);
    }

    private Instant now() {
        return around.context().clock().instant();
    }

    /** Returns when a certificate has to be ordered. */
    private Instant due() {
        Instant wanted = current.map(known -> renewal.of(known, state)).orElse(Instant.EPOCH);
        Instant notBefore = Retry.until(state.notBefore(), now());
        return wanted.isAfter(notBefore) ? wanted : notBefore;
    }

    /**
     * Does what is due.
     *
     * @return how long until the next turn
     * @throws InterruptedException if the balancer closes
     */
    Duration turn() throws InterruptedException {
        turns.lock();
        try {
            Duration wait = act();
            statistics = statistics();
            return wait;
        } finally {
            turns.unlock();
        }
    }

    private Duration act() throws InterruptedException {
        boolean hasFailed = false;
        try {
            refresh();
            askWhenToRenew();
            askWhetherRevoked();
            warnOfItsEnd();
            if (!now().isBefore(due())) {
                Optional<Duration> wait = order();
                if (wait.isPresent()) {
                    return wait.get();
                }
            }
        } catch (IOException e) {
            hasFailed = true;
            fail(Journal.storageFailed(names, e));
        } catch (AcmeFailure e) {
            if (e.kind() == AcmeFailure.Kind.OVERTAKEN) {
                logger.info("{}", e.getMessage());
                return LOCKED_WAIT;
            }
            hasFailed = true;
            fail(e);
        }
        return untilNext(hasFailed);
    }

    /** After a failure what was due may be so still, such as to ask the issuer, which the failure has come before. */
    private Duration untilNext(boolean hasFailed) {
        Instant now = now();
        Instant asked = isAskedAbout(now) ? current.map(status::due).orElse(Instant.MAX) : Instant.MAX;
        Instant next = asked.isBefore(due()) ? asked : due();
        Instant earliest = hasFailed ? now.plus(AFTER_FAILURE) : now;
        Instant latest = now.plus(LONGEST_WAIT);
        Instant bounded = next.isBefore(earliest) ? earliest : next;
        return Duration.between(now, bounded.isBefore(latest) ? bounded : latest);
    }

    /** Asks who has issued the certificate when it is to be renewed, as often as they want to be asked (RFC 9773). */
    private void askWhenToRenew() throws IOException, InterruptedException {
        if (!isAskedAbout(now())) {
            return;
        }
        Optional<RenewalState> news = wishes.ask(current.orElseThrow(), state, now());
        if (news.isPresent()) {
            state = news.get();
            around.archive().store(names, state);
        }
    }

    /** Asks the issuer what it says of the certificate, which goes into handshakes; one that is revoked is replaced at once. */
    private void askWhetherRevoked() throws IOException, InterruptedException {
        if (!isAskedAbout(now())) {
            return;
        }
        StoredCertificate known = current.orElseThrow();
        Optional<IssuerStatement> statement = status.look(known);
        serve(status.stapled(known));
        if (statement.isEmpty() || !statement.get().isRevoked()) {
            return;
        }
        Optional<RevocationReason> reason = statement.get().reason();
        setRevoked(known, reason);
        String why = reason.map(code -> " for " + code.name().toLowerCase(Locale.ROOT))
                .orElse("");
        around.context()
                .report(
                        "certificate_revoked",
                        names + ": its issuer has revoked serial " + known.serial() + why + "; replaced at once");
    }

    /** Once for each certificate: renewal should long have come about. */
    private void warnOfItsEnd() {
        if (current.isEmpty() || now().isBefore(RenewalTime.emergency(current.get()))) {
            return;
        }
        StoredCertificate known = current.get();
        if (!warnedOf.equals(known.serial())) {
            warnedOf = known.serial();
            Instant end = known.certificate().notAfter();
            around.context()
                    .report(
                            "certificate_expiring",
                            names + ": it ends at " + end + ", after " + state.failures() + " failures to renew it"
                                    + lastFailure
                                            .map(words -> "; the last one: " + words)
                                            .orElse(""));
        }
    }

    private void setRevoked(StoredCertificate known, Optional<RevocationReason> reason) throws IOException {
        if (reason.equals(Optional.of(RevocationReason.KEY_COMPROMISE))) {
            around.archive().quarantine(known);
        }
        state = state.revoked();
        around.archive().store(names, state);
    }

    /** Its issuer is asked about what is valid by our clock and not known to be revoked, and about nothing else. */
    private boolean isAskedAbout(Instant now) {
        return current.filter(known -> known.isValidAt(now)).isPresent() && !state.isRevoked();
    }

    /** @return how long to wait, if there is no leave, somebody else is about it, or our own limit is met */
    private Optional<Duration> order() throws AcmeFailure, IOException, InterruptedException {
        if (!leave.isGiven(names, current.isEmpty())) {
            return Optional.of(LONGEST_WAIT);
        }
        Optional<AcmeStorage.Hold> taken = around.archive().storage().tryLock(names.key(), LOCK);
        if (taken.isEmpty()) {
            return Optional.of(LOCKED_WAIT);
        }
        try (KeptHold hold = new KeptHold(taken.get(), LOCK, around.context().scheduler())) {
            refresh();
            if (now().isBefore(due())) {
                return Optional.empty();
            }
            Duration wait = around.authorities().get(0).rate().take(now());
            if (!wait.isZero()) {
                return Optional.of(wait);
            }
            keep(bought(hold), hold);
            return Optional.empty();
        }
    }

    private StoredCertificate bought(AcmeStorage.Hold hold) throws AcmeFailure, InterruptedException {
        try {
            return purchase.make(hold, current, state);
        } catch (AcmeFailure e) {
            // Whoever has taken over finishes the order, too: what failed here for that is nobody's concern.
            throw isLost(hold) ? Journal.lockLost(names) : e;
        }
    }

    private boolean isLost(AcmeStorage.Hold hold) {
        try {
            return !hold.renew();
        } catch (IOException e) {
            logger.debug("{}: whether the lock is still held cannot be found out", names, e);
            return false;
        }
    }

    private void keep(StoredCertificate stored, AcmeStorage.Hold hold) throws AcmeFailure, IOException {
        if (!around.archive().store(stored, hold)) {
            throw Journal.lockLost(names);
        }
        around.archive().forgetOrder(stored.authority(), names);
        String name = current.isPresent() ? "certificate_renewed" : "certificate_obtained";
        int hurried = current.filter(known -> renewal.isHurried(known, state)).isPresent() ? state.hurried() + 1 : 0;
        state = RenewalState.fresh(stored.serial(), hurried);
        around.archive().store(names, state);
        take(stored);
        around.archive().touch();
        around.context()
                .report(
                        name,
                        names + ": from " + stored.authority() + ", until "
                                + stored.certificate().notAfter());
        if (hurried > 0) {
            around.context()
                    .report(
                            "certificate_hurried",
                            names + ": " + stored.authority() + " wanted it replaced by a time that was over before it"
                                    + " came, " + hurried
                                    + " times in a row; such a wish is not followed at once again");
        }
    }

    private void fail(AcmeFailure failure) throws InterruptedException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException("while a certificate was ordered"); // files fail so as well: nobody's fault
        }
        Instant now = now();
        Map<String, Instant> holds = purchase.holds(state);
        state = state.failed(Retry.next(state.failures() + 1, current, purchase.common(holds), now), holds);
        lastFailure = Optional.ofNullable(failure.getMessage());
        try {
            around.archive().store(names, state);
        } catch (IOException e) {
            logger.debug("{}: a failure cannot be written down, and is remembered until the process ends", names, e);
        }
        around.context().reportFailure("certificate_failed", names + ": tried again at " + state.notBefore(), failure);
    }

    /**
     * Revokes what is held, and has it replaced with the next turn.
     *
     * @throws AcmeFailure if the authority refuses, or cannot be asked
     * @throws IOException if the storage cannot be asked
     * @throws InterruptedException if the balancer closes
     */
    void revoke(RevocationReason reason) throws AcmeFailure, IOException, InterruptedException {
        turns.lock();
        try {
            refresh();
            if (current.isEmpty()) {
                return;
            }
            StoredCertificate known = current.get();
            // First of all written down: a crash after the authority has heard of it must not keep the certificate in
            // use.
            setRevoked(known, Optional.of(reason));
            Optional<Authority> issuer = around.authority(known.authority());
            if (issuer.isPresent()) {
                issuer.get().revoke(known.certificate(), reason);
            }
            around.context().report("certificate_revoked", names + ": serial " + known.serial() + ", replaced at once");
        } finally {
            turns.unlock();
        }
    }

    /** Returns what is held, unless its time is over. Never waits. */
    Optional<Certificate> certificate() {
        Instant now = now();
        return held.filter(certificate -> now.isBefore(certificate.notAfter()));
    }

    /** Returns how the certificate stands. Never waits. */
    CertificateStatistics standing() {
        return statistics;
    }

    private CertificateStatistics statistics() {
        Optional<CertificateStatistics.Held> held = current.map(known -> new CertificateStatistics.Held(
                known.authority(),
                known.serial(),
                known.certificate().notBefore(),
                known.certificate().notAfter(),
                state.isRevoked()));
        return new CertificateStatistics(
                names.names().stream().map(DomainName::text).toList(),
                held,
                due(),
                state.failures(),
                state.hurried(),
                lastFailure);
    }
}
