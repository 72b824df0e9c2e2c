package io.lb4j.acme.dns;

import java.io.IOException;

/**
 * Puts TXT records into a zone, and takes them out again, for challenges by DNS (RFC 8555 §8.4). Thread-safe; its methods may block for as long as
 * the service takes to answer, and need not wait until servers show what they did: that is looked after.
 *
 * <p>A name may have several records at a time: those that are there already stay.
 */
public interface DnsProvider {
    /**
     * Adds a record. One that is there already is no failure.
     *
     * @throws IOException if it cannot be added; the message says what the service answered, and never tells its credentials
     * @throws InterruptedException if the balancer closes
     */
    void add(TxtRecord record) throws IOException, InterruptedException;

    /**
     * Removes a record. One that is not there is no failure.
     *
     * @throws IOException if it cannot be removed
     * @throws InterruptedException if the balancer closes
     */
    void remove(TxtRecord record) throws IOException, InterruptedException;
}
