package io.lb4j.spi;

import io.lb4j.exchange.Exchange;
import java.util.List;

/**
 * Decides which endpoint of a cluster serves a request. Users may write their own.
 *
 * <p>A policy is a factory: whenever the set of endpoints that may be used changes (membership, health, ejection), core asks it for a
 * {@link Picker} over the new set. Thread-safe.
 */
public interface BalancePolicy {
    /** Returns the policy's name, as it stands in configurations and statistics. */
    String name();

    /**
     * Makes a picker. Called on the control thread.
     *
     * @param candidates at least one; immutable
     */
    Picker picker(List<Candidate> candidates);

    /** Picks endpoints from one fixed set. Called by all event loops at once, many times a second: thread-safe, and never blocks. */
    @FunctionalInterface
    interface Picker {
        /**
         * Picks an endpoint.
         *
         * @param exchange the request it is for
         * @return the index of one of the candidates that the picker was made with
         */
        int pick(Exchange exchange);
    }
}
