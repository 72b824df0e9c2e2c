package io.lb4j.testkit.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/**
 * A private key and the certificate chain that goes with it, leaf first, the authority last. Immutable and
 * thread-safe.
 *
 * @param key the private key of the leaf
 * @param chain the leaf, then its issuer; never empty
 */
public record TestCertificate(PrivateKey key, List<X509Certificate> chain) {
    /** The alias and the password of {@link #keyStore()}. */
    public static final String KEY_STORE_PASSWORD = "changeit";

    /**
     * Copies the chain.
     *
     * @throws IllegalArgumentException if the chain is empty
     */
    public TestCertificate {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: [] (expected: at least one certificate)");
        }
    }

    /**
     * The certificate that the key belongs to.
     *
     * @return the first of the chain
     */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    /**
     * The chain as PEM, leaf first (RFC 7468).
     *
     * @return text that ends with a line feed
     */
    public String chainPem() {
        return pem(chain.toArray());
    }

    /**
     * The key as unencrypted PKCS#8 PEM, which Netty, nginx and OpenSSL all read.
     *
     * @return text that ends with a line feed
     */
    public String keyPem() {
        try {
            return pem(new JcaPKCS8Generator(key, null));
        } catch (IOException e) {
            throw new UncheckedIOException("a key in memory cannot be encoded", e);
        }
    }

    /**
     * Writes {@code <name>.crt} (the chain) and {@code <name>.key} below a folder.
     *
     * @param folder an existing folder
     * @param name the stem of both file names
     * @return where the two files are
     * @throws UncheckedIOException if a file cannot be written
     */
    public PemFiles writePem(Path folder, String name) {
        Path chainFile = folder.resolve(name + ".crt");
        Path keyFile = folder.resolve(name + ".key");
        try {
            Files.writeString(chainFile, chainPem(), StandardCharsets.US_ASCII);
            Files.writeString(keyFile, keyPem(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write PEM files below " + folder, e);
        }
        return new PemFiles(chainFile, keyFile);
    }

    /**
     * Key and chain in a PKCS#12 key store; alias and password are {@value #KEY_STORE_PASSWORD}.
     *
     * @return a new key store
     */
    public KeyStore keyStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] password = KEY_STORE_PASSWORD.toCharArray();
            store.setKeyEntry(KEY_STORE_PASSWORD, key, password, chain.toArray(Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK cannot hold " + leaf().getSubjectX500Principal(), e);
        }
    }

    /** Keeps the key out of test reports. */
    @Override
    public String toString() {
        return "TestCertificate[" + leaf().getSubjectX500Principal() + ", serial " + leaf().getSerialNumber() + "]";
    }

    static String pem(Object... objects) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a certificate in memory cannot be encoded", e);
        }
        return text.toString();
    }

    /**
     * Two files in PEM.
     *
     * @param chain the certificate chain, leaf first
     * @param key the private key, PKCS#8, not encrypted
     */
    public record PemFiles(Path chain, Path key) {}
}
