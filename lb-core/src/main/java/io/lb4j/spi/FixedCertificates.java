package io.lb4j.spi;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Certificates by name. Immutable. */
final class FixedCertificates implements CertificateSource {
    private static final String WILDCARD = "*";

    private final List<Certificate> certificates;
    private final Map<String, List<Certificate>> byName = new HashMap<>();

    FixedCertificates(List<Certificate> certificates) {
        this.certificates = List.copyOf(certificates);
        for (Certificate certificate : certificates) {
            certificate
                    .names()
                    .forEach(name -> byName.computeIfAbsent(name, any -> new ArrayList<>(1))
                            .add(certificate));
        }
    }

    @Override
    public Optional<Certificate> cached(String serverName) {
        return candidates(serverName).stream().findFirst();
    }

    @Override
    public List<Certificate> candidates(String serverName) {
        if (serverName.isEmpty()) {
            return namesakesOfTheFirst();
        }
        List<Certificate> exact = byName.get(serverName);
        if (exact != null) {
            return exact;
        }
        int dot = serverName.indexOf('.');
        return dot <= 0 ? List.of() : byName.getOrDefault(WILDCARD + serverName.substring(dot), List.of());
    }

    private List<Certificate> namesakesOfTheFirst() {
        if (certificates.size() <= 1) {
            return certificates;
        }
        Certificate first = certificates.get(0);
        return certificates.stream()
                .filter(one -> one.names().equals(first.names()))
                .toList();
    }

    @Override
    public List<Certificate> certificates() {
        return certificates;
    }
}
