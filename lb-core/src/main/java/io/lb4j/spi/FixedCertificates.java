package io.lb4j.spi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Certificates by name. Immutable. */
final class FixedCertificates implements CertificateSource {
    private static final String WILDCARD = "*";

    private final List<Certificate> certificates;
    private final Map<String, Certificate> byName = new HashMap<>();

    FixedCertificates(List<Certificate> certificates) {
        this.certificates = List.copyOf(certificates);
        for (Certificate certificate : certificates) {
            certificate.names().forEach(name -> byName.putIfAbsent(name, certificate));
        }
    }

    @Override
    public Optional<Certificate> cached(String serverName) {
        if (serverName.isEmpty()) {
            return certificates.stream().findFirst();
        }
        Certificate exact = byName.get(serverName);
        if (exact != null) {
            return Optional.of(exact);
        }
        int dot = serverName.indexOf('.');
        return dot <= 0 ? Optional.empty() : Optional.ofNullable(byName.get(WILDCARD + serverName.substring(dot)));
    }

    @Override
    public List<Certificate> certificates() {
        return certificates;
    }
}
