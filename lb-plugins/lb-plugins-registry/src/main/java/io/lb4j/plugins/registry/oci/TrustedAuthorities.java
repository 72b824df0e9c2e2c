package io.lb4j.plugins.registry.oci;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Authorities that are trusted in place of the JDK's. */
final class TrustedAuthorities {
    private TrustedAuthorities() {}

    /**
     * Reads certificates in PEM.
     *
     * @return empty without a file
     * @throws IOException if the file cannot be read, or holds none
     */
    static Optional<SSLContext> of(Optional<Path> file) throws IOException {
        return file.isPresent() ? Optional.of(context(file.get())) : Optional.empty();
    }

    private static SSLContext context(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority-" + store.size(), each);
            }
            if (store.size() == 0) {
                throw new IOException(file + ": no certificate (expected: at least one in PEM)");
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (CertificateException e) {
            throw new IOException(file + ": no certificates (expected: PEM)", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS: unusable (every JDK has it)", e);
        }
    }
}
