package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.web.OwnClient;
import io.lb4j.acme.model.AuthorityOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The HTTP client of one authority: its own trust and proxy where they are configured. Thread-safe.
 */
final class AuthorityClient implements AutoCloseable {
    private final OwnClient own;

    AuthorityClient(AuthorityOptions options) {
        own = new OwnClient("lb4j-acme-client", builder -> {
            options.caCertificates().ifPresent(file -> builder.sslContext(trusting(file)));
            options.httpProxy()
                    .ifPresent(proxy -> builder.proxy(
                            ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port()))));
        });
    }

    HttpClient client() {
        return own.client();
    }

    private static SSLContext trusting(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int index = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + index++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException("ca_certificates: " + file + " cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "ca_certificates: " + file + " cannot be used (expected: certificates in PEM)", e);
        }
    }

    @Override
    public void close() {
        own.close();
    }
}
