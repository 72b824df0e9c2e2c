package io.lb4j.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.http.Version;
import io.lb4j.spi.Certificate;
import io.lb4j.testkit.net.LoopbackServer;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import io.lb4j.testkit.tls.TlsFacts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handshakes with a server of the JDK's. */
class ClientTlsTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final TestCertificates STRANGER = TestCertificates.create();

    private final List<TlsFacts> seen = new CopyOnWriteArrayList<>();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void close() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void asksForTheHostAndAgreesOnAProtocol(TlsEngine engine) {
        try (LoopbackServer server =
                serve(ServerTls.with(AUTHORITY.server("localhost")).alpn("h2", "http/1.1"))) {
            SslHandler handler = connect(server, settings(engine), "localhost");
            assertThat(handler.applicationProtocol()).isEqualTo("h2");
            assertThat(handler.engine().getSession().getProtocol()).isEqualTo("TLSv1.3");
            TlsFacts facts = facts(server);
            assertThat(facts.serverName()).contains("localhost");
            assertThat(facts.applicationProtocol()).contains("h2");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void offersWhatItIsToldToOffer(TlsEngine engine) {
        try (LoopbackServer server =
                serve(ServerTls.with(AUTHORITY.server("localhost")).alpn("h2", "http/1.1"))) {
            ClientTlsSettings settings = settings(engine).withVersions(Set.of(Version.HTTP_1_1));
            assertThat(connect(server, settings, "localhost").applicationProtocol())
                    .isEqualTo("http/1.1");
        }
        try (LoopbackServer server = serve(ServerTls.with(AUTHORITY.server("localhost")))) {
            ClientTlsSettings settings = settings(engine).withVersions(Set.of());
            assertThat(connect(server, settings, "localhost").applicationProtocol())
                    .isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void speaksTls12WhereNothingElseIsSpoken(TlsEngine engine) {
        try (LoopbackServer server =
                serve(ServerTls.with(AUTHORITY.server("localhost")).protocols("TLSv1.2"))) {
            SslHandler handler = connect(server, settings(engine), "localhost");
            assertThat(handler.engine().getSession().getProtocol()).isEqualTo("TLSv1.2");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesACertificateForAnotherName(TlsEngine engine) {
        try (LoopbackServer server = serve(ServerTls.with(AUTHORITY.server("other.test")))) {
            assertThatThrownBy(() -> connect(server, settings(engine), "localhost"))
                    .hasStackTraceContaining("localhost");
            assertThatThrownBy(() -> connect(server, settings(engine), "127.0.0.1"))
                    .hasStackTraceContaining("127.0.0.1");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesACertificateFromAStranger(TlsEngine engine) {
        try (LoopbackServer server = serve(ServerTls.with(STRANGER.server("localhost")))) {
            assertThatThrownBy(() -> connect(server, settings(engine), "localhost"))
                    .hasStackTraceContaining("PKIX path");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void refusesAnExpiredCertificate(TlsEngine engine) {
        try (LoopbackServer server = serve(ServerTls.with(AUTHORITY.expired("localhost")))) {
            assertThatThrownBy(() -> connect(server, settings(engine), "localhost"))
                    .hasStackTraceContaining("CertificateExpired");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void trustsTheSystemAndNobodyElseByDefault(TlsEngine engine) {
        ClientTlsSettings settings = ClientTlsSettings.defaults()
                .withParameters(TlsParameters.defaults().withEngine(engine));
        try (LoopbackServer server = serve(ServerTls.with(AUTHORITY.server("localhost")))) {
            assertThatThrownBy(() -> connect(server, settings, "localhost")).hasStackTraceContaining("PKIX path");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void acceptsAnAddressThatTheCertificateNames(TlsEngine engine) {
        try (LoopbackServer server = serve(ServerTls.with(AUTHORITY.server("127.0.0.1")))) {
            connect(server, settings(engine), "127.0.0.1");
            assertThat(facts(server).serverName()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void asksForAndVerifiesTheNameThatItIsToldTo(TlsEngine engine) {
        try (LoopbackServer server = serve(ServerTls.with(AUTHORITY.server("api.internal.test")))) {
            connect(server, settings(engine).withServerName("api.internal.test"), "127.0.0.1");
            assertThat(facts(server).serverName()).contains("api.internal.test");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void doesNotTakeANameWithAnUnderscoreForVerified(TlsEngine engine) {
        try (LoopbackServer server = serve(ServerTls.with(AUTHORITY.server("api_v1")))) {
            assertThatThrownBy(() -> connect(server, settings(engine), "api_v1"))
                    .hasStackTraceContaining("api_v1");
            connect(server, settings(engine).withTrust(Trust.allWithoutVerification()), "api_v1");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void verifiesNothingWhenToldSoByName(TlsEngine engine) {
        try (LoopbackServer server = serve(ServerTls.with(STRANGER.expired("other.test")))) {
            connect(server, settings(engine).withTrust(Trust.allWithoutVerification()), "localhost");
            assertThat(facts(server).serverName()).contains("localhost");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void showsItsCertificate(TlsEngine engine) {
        TestCertificate alice = AUTHORITY.client("alice");
        try (LoopbackServer server =
                serve(ServerTls.with(AUTHORITY.server("localhost")).requireClient(AUTHORITY))) {
            connect(server, settings(engine).withIdentity(new Certificate(alice.key(), alice.chain())), "localhost");
            assertThat(facts(server).peerSubject()).contains("CN=alice");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void resumesItsSessions(TlsEngine engine) {
        try (LoopbackServer server =
                        serve(ServerTls.with(AUTHORITY.server("localhost")).protocols("TLSv1.2"));
                ClientTls tls = ClientTls.create(settings(engine))) {
            SslHandler first = connect(server, tls, "localhost");
            SslHandler second = connect(server, tls, "localhost");
            assertThat(second.engine().getSession().getId())
                    .isNotEmpty()
                    .isEqualTo(first.engine().getSession().getId());
        }
    }

    private SslHandler connect(LoopbackServer server, ClientTlsSettings settings, String host) {
        try (ClientTls tls = ClientTls.create(settings)) {
            return connect(server, tls, host);
        }
    }

    private SslHandler connect(LoopbackServer server, ClientTls tls, String host) {
        Channel channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.address())
                .syncUninterruptibly()
                .channel();
        SslHandler handler = tls.handler(channel.alloc(), host, server.port());
        channel.pipeline().addFirst(handler);
        try {
            handler.handshakeFuture().syncUninterruptibly();
            return handler;
        } finally {
            channel.close().syncUninterruptibly();
        }
    }

    private TlsFacts facts(LoopbackServer server) {
        server.awaitConnections(connections -> !seen.isEmpty());
        return seen.get(0);
    }

    private LoopbackServer serve(ServerTls tls) {
        return LoopbackServer.start(settingsOf(tls), (wire, number) -> {
            seen.add(wire.tls().orElseThrow());
            wire.input().read(); // until the client closes
        });
    }

    private static LoopbackServer.Settings settingsOf(ServerTls tls) {
        return new LoopbackServer.Settings("tls", Optional.of(tls), 0);
    }

    private static ClientTlsSettings settings(TlsEngine engine) {
        return ClientTlsSettings.defaults()
                .withParameters(TlsParameters.defaults().withEngine(engine))
                .withTrust(Trust.authorities(List.of(AUTHORITY.certificate())));
    }
}
