package io.lb4j.acme.internal.challenge;

import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.DomainName;
import java.util.List;

/** Answers one kind of challenge. Thread-safe; its methods may block. */
public interface Solver {
    /** Returns the kind. */
    ChallengeType type();

    /**
     * Returns whether this kind is good for a name.
     *
     * @param name as it was asked for: a wildcard stays one
     */
    boolean isFor(DomainName name);

    /**
     * Begins to answer.
     *
     * @throws AcmeFailure if it cannot
     * @throws InterruptedException if the balancer closes
     */
    void present(Proof proof) throws AcmeFailure, InterruptedException;

    /**
     * Waits until the authority would be answered, wherever it asks. At once by default.
     *
     * @param proofs those that were presented
     * @throws AcmeFailure if it takes too long
     * @throws InterruptedException if the balancer closes
     */
    default void await(List<Proof> proofs) throws AcmeFailure, InterruptedException {}

    /** Answers no longer. What goes wrong is logged. */
    void withdraw(Proof proof);
}
