package io.lb4j.discovery;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.KeyPair;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.Certificates;
import io.lb4j.spi.PemFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** How TLS is done with a registry: its certificate is always verified, for its host too. Immutable; files are read when it is made. */
public final class RegistryTls {
    /** Who is trusted. */
    public static final Option<Path> TRUST = Option.of(
                    "trust",
                    OptionTypes.file(),
                    "File with the certificates, in PEM, of those who sign the registry's certificates.")
            .absentMeans("the Java runtime's trust store")
            .build();

    /** Our own certificate. */
    public static final Option<Settings> CLIENT_CERTIFICATE = Option.of(
                    "client_certificate",
                    OptionTypes.section(KeyPair.SECTION),
                    "Certificate to show to a registry that asks for one.")
            .absentMeans("none is shown")
            .build();

    /** The options. */
    public static final Section SECTION = Section.of("tls", "TLS towards a registry.")
            .options(TRUST, CLIENT_CERTIFICATE)
            .build();

    private static final char[] NO_PASSWORD = {};

    private final KeyManagerFactory keys;
    private final TrustManagerFactory trust;

    private RegistryTls(KeyManagerFactory keys, TrustManagerFactory trust) {
        this.keys = keys;
        this.trust = trust;
    }

    /**
     * Reads the files.
     *
     * @param settings of {@link #SECTION}
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if what it holds cannot be used
     */
    public static RegistryTls of(Settings settings) throws IOException {
        Optional<Settings> pair = settings.find(CLIENT_CERTIFICATE);
        Certificate identity = pair.isEmpty() ? null : Certificates.readPem(files(pair.get()));
        Optional<Path> authorities = settings.find(TRUST);
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keyStore(identity), NO_PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities.isEmpty() ? null : trustStore(authorities.get()));
            return new RegistryTls(keys, trust);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("TLS towards a registry cannot be set up: " + e.getMessage(), e);
        }
    }

    private static PemFiles files(Settings pair) {
        PemFiles files = PemFiles.of(pair.value(KeyPair.CHAIN), pair.value(KeyPair.KEY));
        return pair.find(KeyPair.PASSWORD)
                .map(password -> files.withPassword(password.toCharArray()))
                .orElse(files);
    }

    private static KeyStore keyStore(@Nullable Certificate identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        if (identity != null) {
            store.setKeyEntry(
                    "client", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
        }
        return store;
    }

    private static KeyStore trustStore(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        try (InputStream content = Files.newInputStream(file)) {
            int count = 0;
            for (java.security.cert.Certificate authority :
                    CertificateFactory.getInstance("X.509").generateCertificates(content)) {
                store.setCertificateEntry("authority-" + count++, authority);
            }
            if (count == 0) {
                throw new IllegalArgumentException(file + ": no certificate found (expected: PEM)");
            }
        }
        return store;
    }

    /** Returns whose certificate is shown. */
    public KeyManagerFactory keys() {
        return keys;
    }

    /** Returns whom to trust. */
    public TrustManagerFactory trust() {
        return trust;
    }

    /** Returns whom to trust, as one trust manager. */
    public X509TrustManager trustManager() {
        return List.of(trust.getTrustManagers()).stream()
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the runtime has no trust manager for X.509"));
    }

    /** Returns a new context with both. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the runtime has no TLS", e);
        }
    }
}
