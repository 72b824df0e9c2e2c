package io.lb4j.acme.internal.authority;

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
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The HTTP client of one authority: no redirects, its own trust and proxy where they are configured. Thread-safe.
 */
final class AuthorityClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);

    private final ExecutorService threads;
    private final HttpClient client;

    AuthorityClient(AuthorityOptions options) {
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "lb4j-acme-client");
            thread.setDaemon(true);
            return thread;
        });
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(threads)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT);
        options.caCertificates().ifPresent(file -> builder.sslContext(trusting(file)));
        options.httpProxy()
                .ifPresent(proxy -> builder.proxy(
                        ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port()))));
        client = builder.build();
    }

    HttpClient client() {
        return client;
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

    /** Ends its threads. The JDK's own selector ends when the client is no longer referred to, from JDK 21 on at once. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            HttpClient.class.getMethod("shutdownNow").invoke(client);
        } catch (ReflectiveOperationException e) {
            // JDK 17 has no such method.
        }
    }
}
