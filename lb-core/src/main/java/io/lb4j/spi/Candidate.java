package io.lb4j.spi;

import io.lb4j.model.Endpoint;

/**
 * An endpoint as a {@link BalancePolicy} sees it: live figures, shared by all event loops. Thread-safe; each figure is read by itself,
 * so two of them need not be of the same instant.
 */
public interface Candidate {
    /** Returns the endpoint. */
    Endpoint endpoint();

    /** Returns the weight in force: the configured one, or less of it while the endpoint warms up (slow start). Never negative. */
    double weight();

    /** Returns how many requests it is serving for this balancer. */
    int inFlight();

    /**
     * Returns the moving average of its response times in nanoseconds, the peak-sensitive one of Finagle's Peak EWMA: it rises at once
     * with a slow answer and decays with time. 0 before the first answer.
     *
     * @param nowNanos the present, of {@link System#nanoTime()}
     */
    double latencyNanos(long nowNanos);
}
