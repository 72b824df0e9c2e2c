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
     * Says that there will be an order, if the lock is still held.
     *
     * @throws AcmeFailure if it is not, or the storage cannot be asked
     */
    void begin() throws AcmeFailure;

    /**
     * Remembers an order.
     *
     * @throws AcmeFailure if the lock was lost, or the storage cannot be asked
     */
    void remember(PendingOrder order) throws AcmeFailure;

    /**
     * Forgets the order, which will come to nothing.
     *
     * @throws AcmeFailure if the storage cannot be asked
     */
    void forget() throws AcmeFailure;
}
