package io.lb4j.spi;

import io.lb4j.stats.AccessRecord;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * What an operator does while the balancer serves. What is done to an endpoint outlives new configurations and ends with the endpoint. Thread-safe.
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

    /**
     * Begins a live sample of the exchanges that end from now on. While nobody taps it costs nothing; a tap costs each exchange its record, and
     * each call of the filter.
     *
     * @param filter which exchanges; called on event loops, must not block. What it throws keeps the exchange out of the sample
     * @param perSecond how many at most, 1 to 10,000
     * @throws IllegalArgumentException if the number is out of range
     * @throws IllegalStateException if 16 taps are open
     */
    Tap tap(Predicate<? super AccessRecord> filter, int perSecond);
}
