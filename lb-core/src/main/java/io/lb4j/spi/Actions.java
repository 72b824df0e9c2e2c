package io.lb4j.spi;

import java.time.Duration;

/**
 * What an operator does to endpoints while the balancer serves. An action outlives new configurations and ends with the endpoint. Thread-safe.
 */
public interface Actions {
    /**
     * Sends an endpoint no new requests; those under way finish.
     *
     * @return false if there is no such endpoint
     */
    boolean drain(String cluster, String address);

    /**
     * Sends an endpoint requests again, after {@link #drain} or {@link #eject}.
     *
     * @return false if there is no such endpoint
     */
    boolean restore(String cluster, String address);

    /**
     * Takes an endpoint out for a time, as if it had failed.
     *
     * @return false if there is no such endpoint
     */
    boolean eject(String cluster, String address, Duration time);

    /**
     * Gives an endpoint another weight than its source does.
     *
     * @param weight 0 to 1,000,000
     * @return false if there is no such endpoint
     * @throws IllegalArgumentException if the weight is out of range
     */
    boolean weight(String cluster, String address, int weight);
}
