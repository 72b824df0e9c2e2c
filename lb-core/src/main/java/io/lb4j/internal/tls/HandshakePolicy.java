package io.lb4j.internal.tls;

import java.time.Duration;

/**
 * How a client's handshake is taken.
 *
 * @param unknownNames what is done when no certificate is for the name that the client asks for, or it asks for none
 * @param timeout from the connection's acceptance to the end of the handshake, the search for a certificate included
 * @param maxHelloBytes how large a ClientHello may be
 * @param sessionTickets whether clients are given tickets, by which a later handshake is shorter
 */
public record HandshakePolicy(UnknownNames unknownNames, Duration timeout, int maxHelloBytes, boolean sessionTickets) {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    // Hellos with post-quantum key shares and a ticket have 2 to 4 KiB.
    private static final int MAX_HELLO_BYTES = 16 * 1024;
    private static final int LEAST_HELLO_BYTES = 512;

    /** What is done when no certificate is for the name that a client asks for, or it asks for none. */
    public enum UnknownNames {
        /** The first certificate of the first source that has one is shown; the client decides. */
        DEFAULT_CERTIFICATE,
        /** The handshake fails with the alert unrecognized_name (RFC 6066 §3). */
        REFUSE
    }

    /** Checks the values. */
    public HandshakePolicy {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("handshake timeout: " + timeout + " (expected: > 0)");
        }
        if (maxHelloBytes < LEAST_HELLO_BYTES) {
            throw new IllegalArgumentException(
                    "largest ClientHello: " + maxHelloBytes + " (expected: >= " + LEAST_HELLO_BYTES + ")");
        }
    }

    /** Returns the defaults: the default certificate for unknown names, 10 seconds, 16 KiB, tickets. */
    public static HandshakePolicy defaults() {
        return new HandshakePolicy(UnknownNames.DEFAULT_CERTIFICATE, TIMEOUT, MAX_HELLO_BYTES, true);
    }

    /** Returns the same policy with something else done about unknown names. */
    public HandshakePolicy withUnknownNames(UnknownNames changed) {
        return new HandshakePolicy(changed, timeout, maxHelloBytes, sessionTickets);
    }

    /** Returns the same policy with another timeout. */
    public HandshakePolicy withTimeout(Duration changed) {
        return new HandshakePolicy(unknownNames, changed, maxHelloBytes, sessionTickets);
    }

    /** Returns the same policy, with tickets or without. */
    public HandshakePolicy withSessionTickets(boolean changed) {
        return new HandshakePolicy(unknownNames, timeout, maxHelloBytes, changed);
    }
}
