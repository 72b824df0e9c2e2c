package io.lb4j.testkit.net;

/**
 * How many connections a server of the kit has seen.
 *
 * @param accepted since it started
 * @param open now
 * @param failedHandshakes those whose TLS handshake did not succeed
 */
public record Connections(int accepted, int open, int failedHandshakes) {
    /**
     * How many have ended, whoever closed them.
     *
     * @return accepted less open
     */
    public int closed() {
        return accepted - open;
    }
}
