package io.lb4j.acme.model;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The names of one certificate. Immutable.
 *
 * @param names at least one, each once; the first gives the certificate its name in storage, logs and statistics
 */
public record CertificateNames(List<DomainName> names) {
    /**
     * Takes each name once.
     *
     * @throws IllegalArgumentException if there is none
     */
    public CertificateNames {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("names: [] (expected: at least one)");
        }
        names = List.copyOf(new LinkedHashSet<>(names));
    }

    /** Returns the names of a certificate with one. */
    public static CertificateNames of(DomainName name) {
        return new CertificateNames(List.of(name));
    }

    /**
     * Returns whether a certificate is for all of the names.
     *
     * @param certificateNames as the certificate has them; IPv6 addresses in any form
     */
    public boolean areAmong(Collection<String> certificateNames) {
        Set<DomainName> theirs = new HashSet<>();
        for (String name : certificateNames) {
            try {
                theirs.add(DomainName.of(name));
            } catch (IllegalArgumentException e) {
                // None that could have been asked for.
                theirs.add(new DomainName(name));
            }
        }
        return theirs.containsAll(names);
    }

    /**
     * Returns what it is stored under, good for a file's name: {@code api.example.com}; a wildcard as {@code _wildcard.example.com}, and with
     * more names than one a mark that tells them apart.
     */
    public String key() {
        String first = names.get(0).text().replace("*", "_wildcard").replace(':', '_');
        if (names.size() == 1) {
            return first;
        }
        String all = names.stream().map(DomainName::text).sorted().collect(Collectors.joining(" "));
        String mark =
                UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
        return first + "+" + mark.substring(0, 8);
    }

    @Override
    public String toString() {
        return names.stream().map(DomainName::text).collect(Collectors.joining(", "));
    }
}
