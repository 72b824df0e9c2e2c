package io.lb4j.internal.snapshot;

/** Says whether a cluster's traffic allows another retry. Implemented by the balance stage; thread-safe. */
public interface RetryAllowance {
    /** Counts a first try. */
    void onRequest();

    /** Takes a retry from the budget if it is not used up. */
    boolean tryRetry();
}
