package io.lb4j.spi;

import io.lb4j.internal.x509.KeyPairs;
import io.lb4j.internal.x509.Pem;
import io.lb4j.internal.x509.SelfSigned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The certificate sources that core brings, and how to read a certificate.
 *
 * <p>They choose by name: a certificate that names the host exactly, or else one with the wildcard above it ({@code *.example.com}
 * stands for {@code a.example.com}, and neither for {@code example.com} nor for {@code a.b.example.com}; RFC 9525 §6.3). A client that
 * asks for no name is shown the first.
 */
public final class Certificates {
    private Certificates() {}

    /**
     * Serves these and no others.
     *
     * @param certificates the first is the default
     */
    public static CertificateSource of(List<Certificate> certificates) {
        return new FixedCertificates(certificates);
    }

    /** Serves one certificate. */
    public static CertificateSource of(Certificate certificate) {
        return of(List.of(certificate));
    }

    /**
     * Serves a certificate that vouches for itself, made anew with each call: for development and tests. Valid for 397 days, from a day
     * ago; a key on P-256.
     *
     * @param names host names, {@code *.} wildcards, IP addresses
     * @throws IllegalArgumentException if there is no name, or one is none
     */
    public static CertificateSource selfSigned(String... names) {
        SelfSigned made = SelfSigned.of(List.of(names), Clock.systemUTC().instant());
        return of(new Certificate(made.key(), List.of(made.certificate())));
    }

    /**
     * Serves a certificate from two files in PEM, with the defaults of {@link PemFiles}, and what replaces it there.
     *
     * @param chain the end-entity certificate first
     * @param key as in {@link #parsePem}
     */
    public static CertificateSource pem(Path chain, Path key) {
        return pem(PemFiles.of(chain, key));
    }

    /**
     * Serves a certificate from two files in PEM, and what replaces it there: a new one is served soon after both files fit together.
     * Whatever is wrong with them, the one in use is kept. Symbolic links are followed, so that a link to a folder may be exchanged, as
     * Kubernetes does. {@link CertificateSource#start} throws IllegalArgumentException if there is no valid certificate to begin with.
     */
    public static CertificateSource pem(PemFiles files) {
        return new WatchedCertificates(files.paths(), files::load, files.pollInterval());
    }

    /**
     * Serves every key of a key store (PKCS#12, JKS) and what replaces it in the file, as {@link #pem(PemFiles)} does.
     *
     * @param file looked at every 2 seconds
     * @param password of the store and of its keys
     */
    public static CertificateSource keyStore(Path file, char[] password) {
        char[] secret = password.clone();
        return new WatchedCertificates(List.of(file), () -> fromKeyStore(file, secret), PemFiles.POLL_INTERVAL);
    }

    /**
     * Reads a certificate from its files, once.
     *
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if what they hold cannot be used, or does not belong together
     */
    public static Certificate readPem(PemFiles files) throws IOException {
        return files.load().get(0);
    }

    /**
     * Reads a certificate.
     *
     * @param chain certificates in PEM, the end-entity certificate first
     * @param key in PEM: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC)
     * @throws IllegalArgumentException if one of them cannot be read, or they do not belong together
     */
    public static Certificate parsePem(String chain, String key) {
        return fromPem(
                Pem.parse("chain", chain.getBytes(StandardCharsets.ISO_8859_1)),
                Pem.parse("key", key.getBytes(StandardCharsets.ISO_8859_1)),
                Optional.empty());
    }

    static Certificate fromPem(Pem chain, Pem key, Optional<char[]> password) {
        List<X509Certificate> certificates = chain.certificates();
        PrivateKey privateKey = key.privateKey(password);
        if (!KeyPairs.match(privateKey, certificates.get(0).getPublicKey())) {
            throw new IllegalArgumentException(key.name() + ": the private key is not that of the first certificate in "
                    + chain.name() + " (expected: a pair)");
        }
        return new Certificate(privateKey, certificates);
    }

    private static List<Certificate> fromKeyStore(Path file, char[] password) throws IOException {
        List<Certificate> certificates = new ArrayList<>();
        try {
            KeyStore store = KeyStore.getInstance(file.toFile(), password);
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getKey(alias, password) instanceof PrivateKey key) {
                    certificates.add(new Certificate(
                            key,
                            Arrays.stream(store.getCertificateChain(alias))
                                    .map(X509Certificate.class::cast)
                                    .toList()));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    file.getFileName() + ": cannot be read (expected: a key store whose keys have its password)", e);
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(file.getFileName() + ": no private key found (expected: at least one)");
        }
        return certificates;
    }
}
