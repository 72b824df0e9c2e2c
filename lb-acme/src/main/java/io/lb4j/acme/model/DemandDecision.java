package io.lb4j.acme.model;

import java.io.IOException;

/** Decides whether a certificate is obtained for a name that a client has asked for. Thread-safe; may block. */
@FunctionalInterface
public interface DemandDecision {
    /**
     * Returns whether the name is one of ours.
     *
     * @param name a host name, in lower case, without a trailing dot
     * @throws IOException if it cannot be found out; that is a no, and asked again
     * @throws InterruptedException if the balancer closes
     */
    boolean allows(String name) throws IOException, InterruptedException;
}
