package io.lb4j.internal.tls;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManagerFactory;

/** Whose certificates are believed. Immutable. */
public final class Trust {
    private final Kind kind;
    private final List<X509Certificate> authorities;

    private enum Kind {
        SYSTEM,
        AUTHORITIES,
        ALL
    }

    private Trust(Kind kind, List<X509Certificate> authorities) {
        this.kind = kind;
        this.authorities = List.copyOf(authorities);
    }

    /** Trusts what the JDK trusts by default. */
    public static Trust system() {
        return new Trust(Kind.SYSTEM, List.of());
    }

    /** Trusts nobody: every certificate is refused. */
    public static Trust nobody() {
        return new Trust(Kind.AUTHORITIES, List.of());
    }

    /** Trusts what these issued, and these themselves. */
    public static Trust authorities(List<X509Certificate> issuers) {
        if (issuers.isEmpty()) {
            throw new IllegalArgumentException("trusted authorities: [] (expected: at least one certificate)");
        }
        return new Trust(Kind.AUTHORITIES, issuers);
    }

    /**
     * Trusts what the trusted certificates of a key store issued.
     *
     * @throws IllegalArgumentException if the store holds none, or was not loaded
     */
    public static Trust keyStore(KeyStore store) {
        List<X509Certificate> issuers = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias) && store.getCertificate(alias) instanceof X509Certificate issuer) {
                    issuers.add(issuer);
                }
            }
        } catch (KeyStoreException e) {
            throw new IllegalArgumentException("trust store: not loaded (expected: a loaded key store)", e);
        }
        return authorities(issuers);
    }

    /** Trusts every certificate, and looks at no name in it: anyone on the way can read and change what is sent. For tests. */
    public static Trust allWithoutVerification() {
        return new Trust(Kind.ALL, List.of());
    }

    /** Returns those named by {@link #authorities(List)}; empty for every other trust. */
    public List<X509Certificate> authorities() {
        return authorities;
    }

    /** Returns whether certificates are verified at all. */
    boolean isVerifying() {
        return kind != Kind.ALL;
    }

    /** Returns the factory of trust managers; empty for the engine's default, which is the system's. */
    Optional<TrustManagerFactory> managers() {
        return switch (kind) {
            case SYSTEM -> Optional.empty();
            case ALL -> Optional.of(InsecureTrustManagerFactory.INSTANCE);
            case AUTHORITIES -> Optional.of(managersOf(authorities));
        };
    }

    /** Adds what distinguishes this trust from another. */
    void describeTo(MessageDigest digest) throws GeneralSecurityException {
        digest.update((byte) kind.ordinal());
        for (X509Certificate authority : authorities) {
            digest.update(authority.getEncoded());
        }
    }

    private static TrustManagerFactory managersOf(List<X509Certificate> authorities) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory cannot fail", e);
        }
    }
}
