package io.lb4j.spi;

import java.util.Optional;

/**
 * Answers the challenges by which a certificate authority checks that a name is ours (RFC 8555 §8, RFC 8737). The listeners ask it; an
 * ACME module implements it. Thread-safe; called on event loops, and must not block.
 */
public interface ChallengeResponder {
    /**
     * Returns the body for {@code GET /.well-known/acme-challenge/<token>} (RFC 8555 §8.3).
     *
     * @param host the name that was asked for, lower case, without a port
     * @param token the last segment of the path
     */
    Optional<String> httpChallenge(String host, String token);

    /**
     * Returns the certificate for a handshake that offers the protocol {@code acme-tls/1} (RFC 8737 §3).
     *
     * @param serverName the name that the client asked for, lower case
     */
    Optional<Certificate> tlsChallenge(String serverName);
}
