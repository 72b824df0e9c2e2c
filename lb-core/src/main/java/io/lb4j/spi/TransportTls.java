package io.lb4j.spi;

import io.lb4j.model.ClientAuth;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A listener's TLS, as a {@link Transport} that does the handshake itself needs it. Thread-safe. It stays the same object while the listener
 * is bound; what it returns may change with an update, and {@link #follow} tells.
 */
public interface TransportTls {
    /**
     * Returns the certificate for a server name that is at hand now: the one that a TCP connection would be shown, or the listener's default
     * for names that none is for. Never blocks.
     *
     * @param serverName lower case, without a trailing dot; empty if the client asked for none
     * @return empty if there is no certificate at all
     */
    Optional<Certificate> certificate(String serverName);

    /** Returns every certificate at hand. */
    List<Certificate> certificates();

    /** Returns whether clients are asked for a certificate. */
    ClientAuth clientAuth();

    /** Returns who may have issued the clients' certificates. */
    List<X509Certificate> clientAuthorities();

    /**
     * Returns the keys that seal session tickets, the one in use first: the same that the listener's TCP connections use, so that a client may
     * resume there what it began here, and the other way round, across renewals of certificates. None if clients are to be given no tickets.
     */
    List<TicketKey> ticketKeys();

    /**
     * Returns whether a request for a host may come by a connection that was shown a certificate; see
     * {@link io.lb4j.exchange.ConnectionInfo#isAuthoritativeFor}.
     *
     * @param serverName the name that the client asked for in the handshake; empty for none
     * @param host lower case, without port and trailing dot
     */
    boolean isAuthoritative(String serverName, Certificate shown, String host);

    /**
     * Hears, on any thread, that certificates, ticket keys or what is asked of clients may have changed.
     *
     * @return stops it
     */
    Runnable follow(Runnable onChange);
}
