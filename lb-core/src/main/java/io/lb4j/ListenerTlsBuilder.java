package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.model.ClientAuth;
import io.lb4j.model.KeyPair;
import io.lb4j.model.ListenerTls;
import io.lb4j.model.TlsVersion;
import io.lb4j.spi.CertificateSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How a listener does TLS. At least one certificate is required. */
public final class ListenerTlsBuilder extends SectionBuilder<ListenerTlsBuilder> {
    ListenerTlsBuilder(Draft draft) {
        super(draft);
    }

    @Override
    ListenerTlsBuilder self() {
        return this;
    }

    /** Adds a certificate in files of PEM; the first one is for names that no certificate is made for. Default: none. */
    public ListenerTlsBuilder certificate(Path chain, Path key) {
        return certificate(new Draft(KeyPair.SECTION), chain, key, origin("certificate"));
    }

    /** Adds a certificate in files of PEM with an encrypted key. Default: none. */
    public ListenerTlsBuilder certificate(Path chain, Path key, String password) {
        Origin origin = origin("certificate");
        Draft certificate = new Draft(KeyPair.SECTION);
        certificate.set(KeyPair.PASSWORD, password, origin);
        return certificate(certificate, chain, key, origin);
    }

    /** Makes a certificate at start-up that is signed by itself, for these host names and addresses. Default: none. */
    public ListenerTlsBuilder selfSigned(String... names) {
        return addTexts(ListenerTls.SELF_SIGNED, List.of(names), "selfSigned");
    }

    /** Adds a source of certificates. Default: none. */
    public ListenerTlsBuilder certificates(CertificateSource source) {
        return add(ListenerTls.SOURCES, Part.of(source.getClass().getSimpleName(), source), "certificates");
    }

    /** Sets the lowest version. Default: TLS 1.2. */
    public ListenerTlsBuilder minVersion(TlsVersion version) {
        return set(ListenerTls.MIN_VERSION, version, "minVersion");
    }

    /** Sets the highest version. Default: TLS 1.3. */
    public ListenerTlsBuilder maxVersion(TlsVersion version) {
        return set(ListenerTls.MAX_VERSION, version, "maxVersion");
    }

    /** Adds cipher suites by their registered names, the preferred one first. Default: the engine's own choice. */
    public ListenerTlsBuilder ciphers(String... suites) {
        return addTexts(ListenerTls.CIPHERS, List.of(suites), "ciphers");
    }

    /** Sets whether clients are asked for a certificate. Default: they are not. */
    public ListenerTlsBuilder clientAuth(ClientAuth asked) {
        return set(ListenerTls.CLIENT_AUTH, asked, "clientAuth");
    }

    /** Sets the file with the certificates, in PEM, of those who sign clients' certificates. Default: none; required with client authentication. */
    public ListenerTlsBuilder clientTrust(Path file) {
        return set(ListenerTls.CLIENT_TRUST, file, "clientTrust");
    }

    /** Sets how long a handshake may take. Default: 10 seconds. */
    public ListenerTlsBuilder handshakeTimeout(Duration time) {
        return set(ListenerTls.HANDSHAKE_TIMEOUT, time, "handshakeTimeout");
    }

    /**
     * Sets whether clients are given tickets to resume their sessions with (RFC 5077, RFC 8446 §4.6.1). Default: yes. Without, each
     * handshake is a full one; only BoringSSL can do so, and with the JDK's engine the balancer does not start.
     */
    public ListenerTlsBuilder sessionTickets(boolean given) {
        return set(ListenerTls.SESSION_TICKETS, given, "sessionTickets");
    }

    private ListenerTlsBuilder certificate(Draft certificate, Path chain, Path key, Origin origin) {
        certificate.set(KeyPair.CHAIN, chain, origin);
        certificate.set(KeyPair.KEY, key, origin);
        draft().add(ListenerTls.CERTIFICATES, certificate, origin);
        return this;
    }
}
