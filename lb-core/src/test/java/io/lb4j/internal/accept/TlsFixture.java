package io.lb4j.internal.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.Version;
import io.lb4j.internal.tls.ClientCertificates;
import io.lb4j.internal.tls.ClientCertificates.Demand;
import io.lb4j.internal.tls.HandshakeFailure;
import io.lb4j.internal.tls.ServerCertificates;
import io.lb4j.internal.tls.ServerTls;
import io.lb4j.internal.tls.ServerTlsSettings;
import io.lb4j.internal.tls.TicketKeys;
import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.internal.tls.TlsParameters;
import io.lb4j.internal.tls.Trust;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.CertificateSource;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.net.WireFailure;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Certificates, TLS listeners, and a client for them. */
final class TlsFixture implements AutoCloseable {
    static final TestCertificates AUTHORITY = TestCertificates.create();
    static final TestCertificates STRANGER = TestCertificates.create();
    static final Certificate EXACT = certificate(AUTHORITY.server("a.example.com"));
    static final Certificate WILDCARD = certificate(AUTHORITY.server("*.example.com"));
    static final Certificate OTHER = certificate(AUTHORITY.server("other.test"));

    private final RecordingProtocols protocols = new RecordingProtocols();
    private final TicketKeys ticketKeys = TicketKeys.create();
    private final List<ServerTls> opened = new ArrayList<>();

    TestListener open(ServerTlsSettings settings, CertificateSource source) {
        return open(settings, List.of(source));
    }

    TestListener open(ServerTlsSettings settings, List<CertificateSource> sources) {
        return open(settings, sources, protocols);
    }

    TestListener open(ServerTlsSettings settings, List<CertificateSource> sources, ServerProtocols answering) {
        ServerTls tls = ServerTls.create(settings, ServerCertificates.of(sources), ticketKeys);
        opened.add(tls);
        return TestListener.open(ConnectionPolicy.secured(tls), answering);
    }

    /** Tells every listener that certificates were exchanged. */
    void onChange() {
        opened.forEach(ServerTls::onChange);
    }

    TicketKeys ticketKeys() {
        return ticketKeys;
    }

    List<RecordingProtocols.Codec> codecs() {
        return protocols.codecs();
    }

    ConnectionInfo lastConnection() {
        return codecs().get(codecs().size() - 1).connection;
    }

    /** Connects and waits until the listener has done its part. */
    RawClient connect(TestListener listener, ClientTls tls) {
        int before = codecs().size();
        RawClient client = RawClient.connect(listener.port(), tls);
        await().until(() -> codecs().size() > before);
        return client;
    }

    Version versionFor(TestListener listener, ClientTls tls) {
        connect(listener, tls).close();
        return lastConnection().version();
    }

    String shownTo(TestListener listener, String serverName) {
        // Without verification: the default certificate is for another name.
        try (RawClient client = connect(listener, ClientTls.trustAll().serverName(serverName))) {
            return client.tls().orElseThrow().peerSubject().orElseThrow();
        }
    }

    void assertNotServed(TestListener listener, ClientTls tls) {
        int before = codecs().size();
        // With TLS 1.3 a client learns of it only when it reads.
        assertThatThrownBy(() -> {
                    try (RawClient client = RawClient.connect(listener.port(), tls)) {
                        client.send("x");
                        client.read(2);
                    }
                })
                .isInstanceOfAny(UncheckedIOException.class, WireFailure.class);
        assertThat(codecs()).hasSize(before);
    }

    void awaitFailures(TestListener listener, Map<HandshakeFailure, Long> expected) {
        await().untilAsserted(() ->
                assertThat(listener.statistics().handshakeFailures()).isEqualTo(expected));
    }

    @Override
    public void close() {
        opened.forEach(ServerTls::close);
    }

    static ClientTls name(String serverName) {
        return ClientTls.trusting(AUTHORITY).serverName(serverName);
    }

    static ClientCertificates clients(Demand demand) {
        return new ClientCertificates(demand, Trust.authorities(List.of(AUTHORITY.certificate())));
    }

    static ServerTlsSettings settings(TlsEngine engine) {
        return ServerTlsSettings.defaults()
                .withParameters(TlsParameters.defaults().withEngine(engine));
    }

    static Certificate certificate(TestCertificate made) {
        return new Certificate(made.key(), made.chain());
    }
}
