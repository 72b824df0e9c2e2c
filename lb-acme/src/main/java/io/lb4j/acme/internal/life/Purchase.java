package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.RenewalState;
import io.lb4j.acme.internal.archive.StoredCertificate;
import io.lb4j.acme.internal.authority.Authority;
import io.lb4j.acme.internal.authority.OrderRequest;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.spi.Certificate;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a certificate is had: from the first authority that gives one; after a failure, tried first where it does not count. Confined to the
 * turns of a keeper.
 */
final class Purchase {
    private final CertificateNames names;
    private final Surroundings around;
    private final Map<String, Instant> holds = new HashMap<>(); // since this process began

    Purchase(CertificateNames names, Surroundings around) {
        this.names = names;
        this.around = around;
    }

    /**
     * Obtains a certificate, as whoever holds its lock. Our own limit at the first authority has been heeded by then.
     *
     * @param current what is served, if there is anything
     * @param state of what is served
     * @throws AcmeFailure that of the first authority, with those of the others as suppressed
     */
    StoredCertificate make(AcmeStorage.Hold hold, Optional<StoredCertificate> current, RenewalState state)
            throws AcmeFailure, InterruptedException {
        List<AcmeFailure> failures = new ArrayList<>();
        for (Surroundings.Limited limited : around.authorities()) {
            if (holds(state).containsKey(limited.authority().name())) {
                continue;
            }
            try {
                if (!failures.isEmpty()) {
                    heedLimit(limited);
                }
                return bought(limited.authority(), hold, current, state);
            } catch (AcmeFailure e) {
                e.details()
                        .retryAfter()
                        .ifPresent(until -> holds.put(
                                limited.authority().name(),
                                Retry.bounded(until, around.context().clock().instant())));
                failures.add(e);
            }
        }
        if (failures.isEmpty()) {
            throw leftAlone(state);
        }
        AcmeFailure first = failures.get(0);
        failures.stream().skip(1).forEach(first::addSuppressed);
        throw first;
    }

    private StoredCertificate bought(
            Authority authority, AcmeStorage.Hold hold, Optional<StoredCertificate> current, RenewalState state)
            throws AcmeFailure, InterruptedException {
        if (state.failures() > 0 && authority.rehearsal().isPresent()) {
            obtain(authority.rehearsal().get(), hold, key(current, state), Optional.empty());
        }
        Optional<X509Certificate> replaced = current.filter(known -> known.isFrom(authority.name()))
                .map(known -> known.certificate().chain().get(0));
        Certificate certificate = obtain(authority, hold, key(current, state), replaced);
        return new StoredCertificate(
                authority.name(), names, certificate, around.context().clock().instant());
    }

    /** Returns until when authorities want to be left alone, by their names: those that have said so, in this attempt or before. */
    Map<String, Instant> holds(RenewalState state) {
        Instant now = around.context().clock().instant();
        Map<String, Instant> present = new HashMap<>(state.holds());
        present.putAll(holds);
        present.values()
                .removeIf(
                        until -> !until.isAfter(now) || !Retry.until(until, now).equals(until));
        return present;
    }

    /** Returns until when all authorities want to be left alone; who says so speaks for himself, and the others are asked as usual. */
    Optional<Instant> common(Map<String, Instant> present) {
        boolean areAll = around.authorities().stream()
                .map(limited -> limited.authority().name())
                .allMatch(present::containsKey);
        return areAll ? present.values().stream().min(Comparator.naturalOrder()) : Optional.empty();
    }

    private AcmeFailure leftAlone(RenewalState state) {
        String message = names + ": all authorities want to be left alone: " + holds(state) + "; asked after that";
        return new AcmeFailure(AcmeFailure.Kind.RATE_LIMITED, message, AcmeFailure.Details.NONE);
    }

    private void heedLimit(Surroundings.Limited limited) throws AcmeFailure {
        Duration wait = limited.rate().take(around.context().clock().instant());
        if (!wait.isZero()) {
            String message = names + ": " + limited.authority().name()
                    + " has had as many orders as we allow; asked again in " + wait;
            throw new AcmeFailure(AcmeFailure.Kind.LOCAL, message, AcmeFailure.Details.NONE);
        }
    }

    private Certificate obtain(
            Authority authority, AcmeStorage.Hold hold, Supplier<KeyPair> key, Optional<X509Certificate> replaced)
            throws AcmeFailure, InterruptedException {
        Journal journal = new Journal(around.archive(), authority.name(), names, hold);
        return authority.obtain(new OrderRequest(names, key, around.solvers(), journal, replaced));
    }

    private Supplier<KeyPair> key(Optional<StoredCertificate> current, RenewalState state) {
        // The key of a certificate that was revoked may be in other hands.
        if (around.options().reusesKey() && current.isPresent() && !state.isRevoked()) {
            Certificate certificate = current.get().certificate();
            return () -> new KeyPair(certificate.chain().get(0).getPublicKey(), certificate.key());
        }
        return around.options().keyType()::generate;
    }
}
