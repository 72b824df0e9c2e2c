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
import java.util.Optional;
import java.util.function.Supplier;

/** How a certificate is had: from the first authority that gives one; after a failure, tried first where it does not count. Thread-safe. */
final class Purchase {
    private final CertificateNames names;
    private final Surroundings around;

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
        AcmeFailure first = null;
        for (Surroundings.Limited limited : around.authorities()) {
            try {
                if (first != null) {
                    heedLimit(limited);
                }
                if (state.failures() > 0 && limited.authority().rehearsal().isPresent()) {
                    obtain(limited.authority().rehearsal().get(), hold, key(current, state), Optional.empty());
                }
                Optional<X509Certificate> replaced = current.filter(known ->
                                known.authority().equals(limited.authority().name()))
                        .map(known -> known.certificate().chain().get(0));
                Certificate certificate = obtain(limited.authority(), hold, key(current, state), replaced);
                return new StoredCertificate(
                        limited.authority().name(),
                        names,
                        certificate,
                        around.context().clock().instant());
            } catch (AcmeFailure e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first == null) {
            throw new IllegalStateException("authorities: [] (expected: at least one)");
        }
        throw first;
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
