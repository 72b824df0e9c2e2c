package io.lb4j.model;

/** Whether a TLS listener asks clients for a certificate. */
public enum ClientAuth {
    /** It does not ask. */
    NONE,
    /** It asks, and takes clients without one; a certificate that is not trusted fails the handshake. */
    OPTIONAL,
    /** A client without a trusted certificate fails the handshake. */
    REQUIRED
}
