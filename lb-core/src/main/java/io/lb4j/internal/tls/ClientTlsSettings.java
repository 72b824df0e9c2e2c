package io.lb4j.internal.tls;

import io.lb4j.http.Version;
import io.lb4j.spi.Certificate;
import java.util.Optional;
import java.util.Set;

/**
 * How upstreams are spoken to by TLS.
 *
 * @param parameters engine, versions, cipher suites
 * @param versions the protocols offered by ALPN: {@link Version#HTTP_2} (most wanted), {@link Version#HTTP_1_1}; none leaves ALPN out
 * @param identity whom the balancer says it is
 * @param verification what is asked of the upstream's certificate
 */
public record ClientTlsSettings(
        TlsParameters parameters, Set<Version> versions, Optional<Certificate> identity, Verification verification) {
    /**
     * What is asked of an upstream's certificate.
     *
     * @param trust who may have issued it; {@link Trust#allWithoutVerification} asks nothing of it, not even the name
     * @param serverName what it must name and what the upstream is asked for (SNI); empty takes the host that is connected to
     */
    public record Verification(Trust trust, Optional<String> serverName) {}

    /** Copies what it is given. */
    public ClientTlsSettings {
        versions = Set.copyOf(versions);
    }

    /**
     * Returns the defaults: the best engine, HTTP/2 and HTTP/1.1, no client certificate, and a certificate issued by an authority that
     * the system trusts for the host that is connected to.
     */
    public static ClientTlsSettings defaults() {
        return new ClientTlsSettings(
                TlsParameters.defaults(),
                Set.of(Version.HTTP_2, Version.HTTP_1_1),
                Optional.empty(),
                new Verification(Trust.system(), Optional.empty()));
    }

    /** Returns the same settings with other parameters. */
    public ClientTlsSettings withParameters(TlsParameters changed) {
        return new ClientTlsSettings(changed, versions, identity, verification);
    }

    /** Returns the same settings with other protocols in ALPN. */
    public ClientTlsSettings withVersions(Set<Version> changed) {
        return new ClientTlsSettings(parameters, changed, identity, verification);
    }

    /** Returns the same settings with a client certificate. */
    public ClientTlsSettings withIdentity(Certificate changed) {
        return new ClientTlsSettings(parameters, versions, Optional.of(changed), verification);
    }

    /** Returns the same settings with another trust. */
    public ClientTlsSettings withTrust(Trust changed) {
        return new ClientTlsSettings(
                parameters, versions, identity, new Verification(changed, verification.serverName()));
    }

    /** Returns the same settings with a name that goes before the host's. */
    public ClientTlsSettings withServerName(String changed) {
        return new ClientTlsSettings(
                parameters, versions, identity, new Verification(verification.trust(), Optional.of(changed)));
    }
}
