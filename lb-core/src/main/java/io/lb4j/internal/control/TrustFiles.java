package io.lb4j.internal.control;

import io.lb4j.internal.tls.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads whom to trust from files of PEM certificates. */
public final class TrustFiles {
    private TrustFiles() {}

    /**
     * Returns trust in the authorities of a file.
     *
     * @throws UncheckedIOException if it cannot be read
     * @throws IllegalArgumentException if it holds no certificate
     */
    public static Trust read(Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            List<X509Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(content).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (authorities.isEmpty()) {
                throw new IllegalArgumentException(file + ": no certificate found (expected: PEM)");
            }
            return Trust.authorities(authorities);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(file + ": not a certificate (expected: PEM)", e);
        }
    }
}
