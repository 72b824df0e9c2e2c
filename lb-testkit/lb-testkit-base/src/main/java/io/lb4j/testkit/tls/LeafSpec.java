package io.lb4j.testkit.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a leaf certificate shall say. Immutable: each setter returns a changed copy.
 *
 * <p>Defaults: no alternative names, an EC P-256 key, valid from an hour ago for 30 days, usable by servers and by
 * clients.
 */
public final class LeafSpec {
    private final String commonName;
    private final List<String> names;
    private final KeyKind keyKind;
    private final Validity validity;

    private LeafSpec(String commonName, List<String> names, KeyKind keyKind, Validity validity) {
        this.commonName = commonName;
        this.names = List.copyOf(names);
        this.keyKind = keyKind;
        this.validity = validity;
    }

    /**
     * A leaf with all defaults.
     *
     * @param commonName the CN of the subject; no host name by itself, see {@link #names}
     * @return a new specification
     */
    public static LeafSpec named(String commonName) {
        Instant from = Instant.now().minus(Duration.ofHours(1));
        return new LeafSpec(commonName, List.of(), KeyKind.EC, new Validity(from, from.plus(Duration.ofDays(30))));
    }

    /**
     * Default: none. Subject alternative names (RFC 5280 §4.2.1.6): host names, {@code *.} wildcards, or IP addresses
     * in text form.
     *
     * @param alternativeNames replaces what was set before
     * @return a changed copy
     */
    public LeafSpec names(String... alternativeNames) {
        return new LeafSpec(commonName, List.of(alternativeNames), keyKind, validity);
    }

    /**
     * Default: {@link KeyKind#EC}. The kind of the key pair.
     *
     * @param kind EC P-256 or RSA 2048
     * @return a changed copy
     */
    public LeafSpec key(KeyKind kind) {
        return new LeafSpec(commonName, names, kind, validity);
    }

    /**
     * Default: from an hour ago, for 30 days. The time of validity; X.509 keeps whole seconds.
     *
     * @param from the first valid instant
     * @param until the last valid instant
     * @return a changed copy
     * @throws IllegalArgumentException if {@code until} is before {@code from}
     */
    public LeafSpec validity(Instant from, Instant until) {
        if (until.isBefore(from)) {
            throw new IllegalArgumentException("validity: " + from + " … " + until + " (expected: from <= until)");
        }
        return new LeafSpec(commonName, names, keyKind, new Validity(from, until));
    }

    String commonName() {
        return commonName;
    }

    List<String> alternativeNames() {
        return names;
    }

    KeyKind keyKind() {
        return keyKind;
    }

    Instant notBefore() {
        return validity.from;
    }

    Instant notAfter() {
        return validity.until;
    }

    private record Validity(Instant from, Instant until) {}

    /** The kinds of key pairs that {@link TestCertificates} makes. */
    public enum KeyKind {
        /** An elliptic-curve key on P-256, for ECDSA. */
        EC,
        /** An RSA key of 2048 bits. */
        RSA
    }
}
