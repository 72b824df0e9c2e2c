package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.archive.PendingOrder;
import io.lb4j.acme.internal.authority.OrderJournal;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.storage.AcmeStorage;
import java.io.IOException;
import java.util.Optional;

/** The order of one certificate at one authority, remembered under the certificate's lock. Confined to who holds it. */
final class Journal implements OrderJournal {
    private final Archive archive;
    private final String authority;
    private final CertificateNames names;
    private final AcmeStorage.Hold hold;

    Journal(Archive archive, String authority, CertificateNames names, AcmeStorage.Hold hold) {
        this.archive = archive;
        this.authority = authority;
        this.names = names;
        this.hold = hold;
    }

    /** What is done with the storage. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T call(Work<T> work) throws AcmeFailure {
        try {
            return work.run();
        } catch (IOException e) {
            throw storageFailed(names, e);
        }
    }

    static AcmeFailure storageFailed(CertificateNames names, IOException e) {
        String message = names + ": the storage cannot be asked: " + e.getMessage() + "; tried again later";
        return new AcmeFailure(AcmeFailure.Kind.LOCAL, message, e);
    }

    static AcmeFailure lockLost(CertificateNames names) {
        String message = names + ": another instance has taken over, because this one stood still for too long";
        return new AcmeFailure(AcmeFailure.Kind.OVERTAKEN, message, AcmeFailure.Details.NONE);
    }

    @Override
    public Optional<PendingOrder> pending() throws AcmeFailure {
        return call(() -> archive.order(authority, names));
    }

    @Override
    public void remember(PendingOrder order) throws AcmeFailure {
        require(call(() -> archive.remember(authority, names, order, hold)));
    }

    private void require(boolean isHeld) throws AcmeFailure {
        if (!isHeld) {
            throw lockLost(names);
        }
    }

    @Override
    public void forget() throws AcmeFailure {
        call(() -> {
            boolean isHeld = hold.renew();
            if (isHeld) {
                archive.forgetOrder(authority, names);
            }
            return isHeld;
        });
    }
}
