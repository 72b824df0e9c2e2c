package io.lb4j.internal.accept;

import static io.lb4j.internal.accept.TlsFixture.AUTHORITY;
import static io.lb4j.internal.accept.TlsFixture.certificate;
import static io.lb4j.internal.accept.TlsFixture.clients;
import static io.lb4j.internal.accept.TlsFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lb4j.internal.tls.ClientCertificates.Demand;
import io.lb4j.internal.tls.ServerTlsSettings;
import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.Certificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions resumed by OpenSSL's client. */
class TlsResumptionTest {
    private static final Certificate FIRST = certificate(AUTHORITY.server("a.example.com"));
    private static final Certificate RENEWED = certificate(AUTHORITY.server("a.example.com"));

    /** From this version on the JDK's tickets are good for the certificate that they were issued with, and no other. */
    private static final int TICKETS_NAME_CERTIFICATES = 25;

    @TempDir
    private Path folder;

    private final TlsFixture tls = new TlsFixture();

    @BeforeEach
    void needsOpenSsl() {
        assumeThat(Files.isExecutable(OpenSslClient.OPENSSL)).isTrue();
    }

    @AfterEach
    void close() {
        tls.close();
    }

    @ParameterizedTest
    @CsvSource({"NATIVE, -tls1_2", "NATIVE, -tls1_3", "JDK, -tls1_2", "JDK, -tls1_3"})
    void resumesASessionAfterTheCertificateWasSwapped(TlsEngine engine, String version) throws Exception {
        SwappedCertificate source = new SwappedCertificate(FIRST);
        try (TestListener listener = tls.open(settings(engine), source)) {
            assertThat(begin(listener, version)).contains("New, ");
            assertThat(resume(listener, version)).contains("Reused, ");
            source.current = RENEWED;
            tls.onChange();
            tls.ticketKeys().rotate();
            boolean survives = engine == TlsEngine.NATIVE || Runtime.version().feature() < TICKETS_NAME_CERTIFICATES;
            assertThat(resume(listener, version)).contains(survives ? "Reused, " : "New, ");
            assertThat(listener.statistics().handshakes()).isEqualTo(3);
            assertThat(listener.statistics().resumptions()).isEqualTo(survives ? 2 : 1);
            assertThat(tls.codecs())
                    .last()
                    .matches(codec -> codec.connection.tls().orElseThrow().resumed() == survives);
        }
    }

    @Test
    void forgetsASessionWhenItsSecretIsTooOld() throws Exception {
        try (TestListener listener = tls.open(settings(TlsEngine.NATIVE), Certificates.of(FIRST))) {
            begin(listener, "-tls1_3");
            for (int i = 0; i < 3; i++) {
                tls.ticketKeys().rotate();
            }
            assertThat(resume(listener, "-tls1_3")).contains("New, ");
        }
    }

    @Test
    void neverResumesWhereClientsMustShowACertificateASessionFromWhereTheyNeedNot() throws Exception {
        ServerTlsSettings guarded = settings(TlsEngine.NATIVE).withClients(clients(Demand.REQUIRED));
        try (TestListener first = tls.open(settings(TlsEngine.NATIVE), Certificates.of(FIRST));
                TestListener second = tls.open(guarded, Certificates.of(FIRST))) {
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                begin(first, version);
                int before = tls.codecs().size();
                resume(second, version);
                assertThat(tls.codecs()).hasSize(before);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void withoutTicketsEveryHandshakeIsAFullOne(String version) throws Exception {
        ServerTlsSettings settings = settings(TlsEngine.NATIVE);
        try (TestListener listener = tls.open(
                settings.withHandshake(settings.handshake().withSessionTickets(false)), Certificates.of(FIRST))) {
            assertThat(begin(listener, version)).contains("New, ").doesNotContain("TLS session ticket:");
            tls.ticketKeys().rotate();
            assertThat(begin(listener, version)).contains("New, ").doesNotContain("TLS session ticket:");
            // With TLS 1.3 there is not even a session to save; with TLS 1.2 its identifier means nothing to the
            // listener.
            if (Files.exists(folder.resolve("session"))) {
                assertThat(resume(listener, version)).contains("New, ");
            }
            assertThat(listener.statistics().resumptions()).isZero();
        }
    }

    @Test
    void theEngineOfTheJdkCannotGoWithoutTickets() {
        ServerTlsSettings settings = settings(TlsEngine.JDK);
        assertThatThrownBy(() -> tls.open(
                        settings.withHandshake(settings.handshake().withSessionTickets(false)), Certificates.of(FIRST)))
                .hasMessage("session_tickets: false (expected: true with the JDK's engine, which cannot go without)");
    }

    private String begin(TestListener listener, String version) throws Exception {
        return new OpenSslClient(folder)
                .connect(listener.port(), version, "-servername", "a.example.com", "-sess_out", "session");
    }

    private String resume(TestListener listener, String version) throws Exception {
        return new OpenSslClient(folder)
                .connect(listener.port(), version, "-servername", "a.example.com", "-sess_in", "session");
    }
}
