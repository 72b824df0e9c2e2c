package io.lb4j.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.internal.loop.LoopContext;
import io.lb4j.internal.snapshot.Connector;
import io.lb4j.internal.tls.ClientTls;
import io.lb4j.internal.tls.ClientTlsSettings;
import io.lb4j.internal.tls.TlsEngine;
import io.lb4j.internal.tls.TlsParameters;
import io.lb4j.internal.tls.Trust;
import io.lb4j.model.Endpoint;
import io.lb4j.model.ProxyProtocol;
import io.lb4j.spi.ClientConnection;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Connections to a server of the JDK's. */
final class HttpConnectorTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final HttpConnector.Times TIMES = new HttpConnector.Times(5_000_000_000L, 5_000_000_000L);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final LoopContext loop = new LoopContext(group.next(), 0);

    @AfterEach
    void close() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static ScriptedUpstream secured() {
        ServerTls tls = ServerTls.with(AUTHORITY.server("localhost"));
        return ScriptedUpstream.start(script -> script.tls(tls).onAny().answer(200));
    }

    private static ClientTls tls(TlsEngine engine) {
        return ClientTls.create(ClientTlsSettings.defaults()
                .withParameters(TlsParameters.defaults().withEngine(engine))
                .withServerName("localhost")
                .withTrust(Trust.authorities(List.of(AUTHORITY.certificate()))));
    }

    private static HttpConnector connector(HttpConnector.Protocol protocol, Optional<ClientTls> tls) {
        return new HttpConnector(
                new HttpConnector.Network(NioSocketChannel::new, DefaultAddressResolverGroup.INSTANCE),
                new HttpConnector.Settings(protocol, tls, TIMES, 100));
    }

    private static HttpConnector plain() {
        return connector(HttpConnector.Protocol.HTTP_1, Optional.empty());
    }

    /** What comes of an attempt. */
    private static final class Result implements Connector.Outcome, ClientConnection.Events {
        private final CompletableFuture<ClientConnection> made = new CompletableFuture<>();

        @Override
        public void onConnected(ClientConnection connection) {
            made.complete(connection);
        }

        @Override
        public void onFailed(ProxyException reason) {
            made.completeExceptionally(reason);
        }

        @Override
        public void onCapacity(ClientConnection connection) {
            // Nothing is asked of it.
        }

        @Override
        public void onDraining(ClientConnection connection) {
            // Nothing is asked of it.
        }

        @Override
        public void onClosed(ClientConnection connection, ProxyException reason) {
            // The test closes it.
        }
    }

    private void onLoop(Runnable action) {
        CompletableFuture.runAsync(action, loop.eventLoop()).join();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void aConnectionIsMadeThoughWhatSecuresItIsLetGoMeanwhile(TlsEngine engine) {
        try (ScriptedUpstream server = secured()) {
            ClientTls tls = tls(engine);
            Connector connector = connector(HttpConnector.Protocol.AUTO, Optional.of(tls));
            Result result = new Result();
            onLoop(() -> {
                connector.connect(Endpoint.of("127.0.0.1", server.port()), loop, result, result);
                tls.close();
            });

            ClientConnection made = result.made.orTimeout(30, TimeUnit.SECONDS).join();
            onLoop(made::close);
            assertThat(tls.tryHold()).as("it is still there").isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void aConnectionThatIsAskedForLaterFailsUnsent(TlsEngine engine) {
        try (ScriptedUpstream server = secured()) {
            ClientTls tls = tls(engine);
            Connector connector = connector(HttpConnector.Protocol.AUTO, Optional.of(tls));
            tls.close();
            Result result = new Result();
            onLoop(() -> connector.connect(Endpoint.of("127.0.0.1", server.port()), loop, result, result));

            assertThatThrownBy(() -> result.made.orTimeout(30, TimeUnit.SECONDS).join())
                    .cause()
                    .isInstanceOfSatisfying(ProxyException.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(Kind.DRAINED);
                        assertThat(failure.isUnprocessed()).isTrue();
                    });
            assertThat(server.connections().accepted()).isZero();
        }
    }

    @Test
    void connectionsAreAlikeThatSpeakTheSameOverTheSame() {
        try (ClientTls one = tls(TlsEngine.JDK);
                ClientTls other = tls(TlsEngine.JDK)) {
            HttpConnector secured = connector(HttpConnector.Protocol.AUTO, Optional.of(one));

            assertThat(plain().connectsLike(plain())).isTrue();
            assertThat(secured.connectsLike(connector(HttpConnector.Protocol.AUTO, Optional.of(one))))
                    .isTrue();
            assertThat(secured.forHttp1()
                            .orElseThrow()
                            .connectsLike(secured.forHttp1().orElseThrow()))
                    .isTrue();
            assertThat(secured.connectsLike(connector(HttpConnector.Protocol.AUTO, Optional.of(other))))
                    .isFalse();
            assertThat(secured.connectsLike(plain())).isFalse();
            assertThat(plain().connectsLike(connector(HttpConnector.Protocol.HTTP_2, Optional.empty())))
                    .isFalse();
        }
    }

    @Test
    void connectionsAreAlikeThatAreIntroducedAlike() {
        HttpConnector first = plain().namingClients(ProxyProtocol.V1);

        assertThat(first.connectsLike(plain().namingClients(ProxyProtocol.V1))).isTrue();
        assertThat(first.connectsLike(plain().namingClients(ProxyProtocol.V2))).isFalse();
        assertThat(first.connectsLike(plain())).isFalse();
        assertThat(plain().connectsLike(first)).isFalse();
    }

    @Test
    void connectionsOfSeveralWaysAreAlikeWhereEachOfThemIs() {
        assertThat(inOrder("a", plain()).connectsLike(inOrder("a", plain()))).isTrue();
        assertThat(inOrder("a", plain()).connectsLike(inOrder("b", plain()))).isFalse();
        assertThat(inOrder("a", plain()).connectsLike(inOrder("a", plain().namingClients(ProxyProtocol.V1))))
                .isFalse();
        assertThat(inOrder("a", plain()).connectsLike(plain())).isFalse();
        assertThat(plain().connectsLike(inOrder("a", plain()))).isFalse();
    }

    private static Connector inOrder(String kind, Connector other) {
        return new FallbackConnector(
                new TransportConnector("none", new NoTransport(), kind),
                other,
                new FallbackConnector.Times(1, 1, 1),
                System::nanoTime);
    }
}
