package io.lb4j.internal.accept;

import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.Certificates;
import java.util.List;
import java.util.Optional;

/** A source of one certificate, which a test may exchange; it tells nobody. */
class SwappedCertificate implements CertificateSource {
    volatile Certificate current;

    SwappedCertificate(Certificate first) {
        current = first;
    }

    @Override
    public Optional<Certificate> cached(String serverName) {
        return Certificates.of(current).cached(serverName);
    }

    @Override
    public List<Certificate> certificates() {
        return List.of(current);
    }
}
