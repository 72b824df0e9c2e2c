package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.archive.PendingOrder;
import io.lb4j.acme.model.AcmeFailure;
import java.util.Optional;

/** Remembers the order of one certificate beyond the end of this process. Confined to who holds the certificate's lock. */
public interface OrderJournal {
    /**
     * Returns the order that was begun last and not forgotten.
     *
     * @throws AcmeFailure if the storage cannot be asked
     */
    Optional<PendingOrder> pending() throws AcmeFailure;

    /**
     * Remembers an order.
     *
     * @throws AcmeFailure if the lock was lost, or the storage cannot be asked
     */
    void remember(PendingOrder order) throws AcmeFailure;

    /**
     * Forgets the order, which will come to nothing; unless the lock was lost, and it is another's by now.
     *
     * @throws AcmeFailure if the storage cannot be asked
     */
    void forget() throws AcmeFailure;
}
