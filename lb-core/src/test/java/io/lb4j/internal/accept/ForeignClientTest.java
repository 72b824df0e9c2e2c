package io.lb4j.internal.accept;

import static io.lb4j.internal.accept.TlsFixture.AUTHORITY;
import static io.lb4j.internal.accept.TlsFixture.certificate;
import static io.lb4j.internal.accept.TlsFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.spi.Certificates;
import io.lb4j.testkit.tls.ClientTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that share no code with the balancer: curl, OpenSSL, the JDK's. */
class ForeignClientTest {
    @TempDir
    private Path folder;

    private final TlsFixture tls = new TlsFixture();
    private final AnsweringProtocols protocols = new AnsweringProtocols();

    @AfterEach
    void close() {
        tls.close();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void curlTrustsASelfSignedCertificateThatItIsGiven(TlsEngine engine) throws Exception {
        assumeThat(Files.isExecutable(OpenSslClient.CURL)).isTrue();
        CertificateSource source = Certificates.selfSigned("localhost", "127.0.0.1", "::1");
        Path trusted = Files.writeString(
                folder.resolve("trusted.pem"), pemOf(source.certificates().get(0)));
        try (TestListener listener = open(engine, source)) {
            String origin = "://localhost:" + listener.port() + "/";
            assertThat(curl("--cacert", trusted.toString(), "--http1.1", "https" + origin))
                    .isEqualTo("HTTP/1.1");
            assertThat(curl("--cacert", trusted.toString(), "--http2", "https" + origin))
                    .isEqualTo("HTTP/2");
            assertThat(curl("--cacert", trusted.toString(), "https://127.0.0.1:" + listener.port() + "/"))
                    .isEqualTo("HTTP/2");
            assertThat(curl("--cacert", trusted.toString(), "--tls-max", "1.2", "https" + origin))
                    .isEqualTo("HTTP/2");
        }
    }

    @Test
    void curlSpeaksEitherProtocolWithoutTls() throws Exception {
        assumeThat(Files.isExecutable(OpenSslClient.CURL)).isTrue();
        try (TestListener listener = TestListener.open(ConnectionPolicy.plain(), protocols)) {
            String url = "http://127.0.0.1:" + listener.port() + "/";
            assertThat(curl("--http1.1", url)).isEqualTo("HTTP/1.1");
            assertThat(curl("--http2-prior-knowledge", url)).isEqualTo("HTTP/2");
            // The upgrade to h2c is not offered: curl goes on in HTTP/1.1.
            assertThat(curl("--http2", url)).isEqualTo("HTTP/1.1");
        }
    }

    @Test
    void opensslVerifiesASelfSignedCertificate() throws Exception {
        assumeThat(Files.isExecutable(OpenSslClient.OPENSSL)).isTrue();
        Certificate made =
                Certificates.selfSigned("localhost", "10.0.0.1").certificates().get(0);
        Path file = Files.writeString(folder.resolve("self.pem"), pemOf(made));
        String openssl = OpenSslClient.OPENSSL.toString();
        assertThat(new OpenSslClient(folder)
                        .run(
                                List.of(
                                        openssl,
                                        "verify",
                                        "-x509_strict",
                                        "-purpose",
                                        "sslserver",
                                        "-verify_hostname",
                                        "localhost",
                                        "-CAfile",
                                        file.toString(),
                                        file.toString()),
                                ""))
                .contains("self.pem: OK");
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void theJdksHttpClientSpeaksEitherProtocol(TlsEngine engine) throws Exception {
        try (TestListener listener = open(engine, Certificates.of(localhost()))) {
            assertThat(get(httpClient(HttpClient.Version.HTTP_1_1), listener)).isEqualTo("HTTP/1.1");
            assertThat(get(httpClient(HttpClient.Version.HTTP_2), listener)).isEqualTo("HTTP/2");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void losesNoConnectionWhileCertificatesAreSwapped(TlsEngine engine) throws Exception {
        SwappedCertificate source = new SwappedCertificate(localhost());
        try (TestListener listener = open(engine, source)) {
            Thread swapping = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    source.current = localhost();
                    tls.onChange();
                    tls.ticketKeys().rotate();
                }
            });
            swapping.start();
            for (int i = 0; i < 30; i++) {
                // A new client each time: new connections, some of them resumed.
                assertThat(get(httpClient(HttpClient.Version.HTTP_1_1), listener))
                        .isEqualTo("HTTP/1.1");
            }
            swapping.interrupt();
            swapping.join();
            assertThat(listener.statistics().handshakeFailures()).isEmpty();
            assertThat(listener.statistics().handshakes()).isEqualTo(30);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void choosesByNameFromAHelloInCrumbs(TlsEngine engine) throws Exception {
        CertificateSource source = Certificates.of(
                List.of(certificate(AUTHORITY.server("default.test")), certificate(AUTHORITY.server("a.example.com"))));
        try (TestListener listener = open(engine, source)) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                ClientTls client = ClientTls.trusting(AUTHORITY)
                        .serverName("a.example.com")
                        .alpn("h2")
                        .protocols(version);
                try (SSLSocket socket = client.secure(new CrumblingSocket(listener.port()))) {
                    assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=a.example.com");
                    assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
                }
            }
        }
    }

    private String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(OpenSslClient.CURL.toString(), "--silent", "--show-error", "--max-time", "20"));
        command.addAll(List.of(arguments));
        return new OpenSslClient(folder).run(command, "");
    }

    private static String get(HttpClient client, TestListener listener) throws IOException, InterruptedException {
        URI uri = URI.create("https://localhost:" + listener.port() + "/");
        return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                .body();
    }

    private static HttpClient httpClient(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(ClientTls.trusting(AUTHORITY).context())
                .build();
    }

    private TestListener open(TlsEngine engine, CertificateSource source) {
        return tls.open(settings(engine), List.of(source), protocols);
    }

    private static Certificate localhost() {
        return certificate(AUTHORITY.server("localhost"));
    }

    private static String pemOf(Certificate certificate) throws CertificateEncodingException {
        byte[] der = certificate.chain().get(0).getEncoded();
        return "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END CERTIFICATE-----\n";
    }
}
