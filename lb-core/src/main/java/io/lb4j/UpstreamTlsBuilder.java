package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.model.KeyPair;
import io.lb4j.model.TlsVersion;
import io.lb4j.model.UpstreamTls;
import java.nio.file.Path;
import java.util.List;

/** How TLS is done with a cluster's endpoints. */
public final class UpstreamTlsBuilder extends SectionBuilder<UpstreamTlsBuilder> {
    UpstreamTlsBuilder(Draft draft) {
        super(draft);
    }

    @Override
    UpstreamTlsBuilder self() {
        return this;
    }

    /** Takes any certificate, so that anyone can pose as the endpoint: for trials. Default: trust and name are verified. */
    public UpstreamTlsBuilder insecure() {
        return set(UpstreamTls.VERIFY, false, "insecure");
    }

    /** Sets the name to ask for and to verify. Default: the endpoint's host. */
    public UpstreamTlsBuilder serverName(String name) {
        return set(UpstreamTls.SERVER_NAME, name, "serverName");
    }

    /** Sets the file with the certificates, in PEM, that are trusted. Default: the Java runtime's trust store. */
    public UpstreamTlsBuilder trust(Path file) {
        return set(UpstreamTls.TRUST, file, "trust");
    }

    /** Sets the certificate to show, in files of PEM. Default: none. */
    public UpstreamTlsBuilder clientCertificate(Path chain, Path key) {
        Origin origin = origin("clientCertificate");
        Draft certificate = draft().section(UpstreamTls.CLIENT_CERTIFICATE, origin);
        certificate.set(KeyPair.CHAIN, chain, origin);
        certificate.set(KeyPair.KEY, key, origin);
        return this;
    }

    /** Sets the lowest version. Default: TLS 1.2. */
    public UpstreamTlsBuilder minVersion(TlsVersion version) {
        return set(UpstreamTls.MIN_VERSION, version, "minVersion");
    }

    /** Sets the highest version. Default: TLS 1.3. */
    public UpstreamTlsBuilder maxVersion(TlsVersion version) {
        return set(UpstreamTls.MAX_VERSION, version, "maxVersion");
    }

    /** Adds cipher suites by their registered names, the preferred one first. Default: the engine's own choice. */
    public UpstreamTlsBuilder ciphers(String... suites) {
        return addTexts(UpstreamTls.CIPHERS, List.of(suites), "ciphers");
    }
}
