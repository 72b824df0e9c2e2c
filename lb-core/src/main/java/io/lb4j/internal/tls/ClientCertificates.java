package io.lb4j.internal.tls;

/**
 * What is asked of clients.
 *
 * @param demand whether they must show a certificate
 * @param trust who may have issued it
 */
public record ClientCertificates(Demand demand, Trust trust) {
    /** Whether a client must show a certificate. One that is shown must be trusted in any case. */
    public enum Demand {
        /** It is not asked for. */
        OFF,
        /** It is asked for; without one the handshake goes on. */
        OPTIONAL,
        /** Without one the handshake fails. */
        REQUIRED
    }

    /** Returns the default: clients are not asked. */
    public static ClientCertificates off() {
        return new ClientCertificates(Demand.OFF, Trust.nobody());
    }
}
