package io.lb4j.spi;

import io.lb4j.stats.ExchangeSample;
import java.time.Duration;
import java.util.Optional;

/**
 * A live sample of exchanges as they end, by {@link Actions#tap}. Samples wait in a queue with room for as many as a second may bring, at least
 * 16; what finds it full is missed, so that a slow reader costs nobody else anything. Thread-safe.
 */
public interface Tap extends AutoCloseable {
    /**
     * Returns the next sample; may block, and is not for event loops.
     *
     * @param timeout how long to wait for it
     * @return empty if none came in time, or the tap is closed and empty
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    Optional<ExchangeSample> next(Duration timeout) throws InterruptedException;

    /** Returns how many exchanges would have been sampled but for the rate, or for the queue's being full. */
    long missed();

    /** Takes no more samples; those that wait can still be read. Idempotent. */
    @Override
    void close();
}
