package io.lb4j.it.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.lb4j.ClusterBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.UpstreamTlsBuilder;
import io.lb4j.model.ClientAuth;
import io.lb4j.model.ClientCertificateField;
import io.lb4j.model.ListenerProtocol;
import io.lb4j.model.ProcessOptions.TlsEngine;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates that clients show to the balancer, and that it shows to endpoints. */
final class ClientCertificateTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final TestCertificates STRANGER = TestCertificates.create();
    private static final String FORGED =
            "X-Forwarded-Client-Cert: Subject=\"CN=admin\"\r\nClient-Cert: :Zm9yZ2Vk:\r\nClient-Cert-Chain: :Zm9yZ2Vk:\r\n";

    @TempDir
    Path folder;

    private LoadBalancer asking(
            ScriptedUpstream upstream, ClientAuth auth, ClientCertificateField field, String... trusted)
            throws IOException {
        Path authorities = AUTHORITY.writePem(folder.resolve("authorities.pem"));
        return LoadBalancer.builder()
                .listener(
                        "main",
                        listener -> listener.port(0)
                                .tls(tls -> tls.selfSigned("a.test")
                                        .clientAuth(auth)
                                        .clientTrust(authorities))
                                .forwarding(forwarding ->
                                        forwarding.clientCertificate(field).trustedProxies(trusted)))
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(5)))
                .start();
    }

    private static RecordedRequest send(LoadBalancer lb, ScriptedUpstream upstream, ClientTls tls) {
        upstream.forget();
        try (RawClient client = RawClient.connect(lb.port(), tls.serverName("a.test"))) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n" + FORGED + "\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
        return upstream.awaitRequest();
    }

    @Test
    void tellsEndpointsWhatAClientHasShownAndTakesNobodysWord() throws Exception {
        TestCertificate alice = AUTHORITY.client("alice");
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = asking(upstream, ClientAuth.OPTIONAL, ClientCertificateField.XFCC)) {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(alice.leaf().getEncoded()));

            RecordedRequest known = send(lb, upstream, ClientTls.trustAll().identity(alice));
            assertThat(known.headers().all("x-forwarded-client-cert"))
                    .containsExactly("Hash=" + hash + ";Subject=\"CN=alice\"");
            assertThat(known.headers().contains("client-cert")).isFalse();

            RecordedRequest unknown = send(lb, upstream, ClientTls.trustAll());
            assertThat(unknown.headers().contains("x-forwarded-client-cert")).isFalse();
            assertThat(unknown.headers().contains("client-cert-chain")).isFalse();
        }
    }

    @Test
    void tellsTheCertificateItselfByChoice() throws Exception {
        TestCertificate alice = AUTHORITY.client("alice");
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = asking(upstream, ClientAuth.REQUIRED, ClientCertificateField.RFC9440)) {
            RecordedRequest seen = send(lb, upstream, ClientTls.trustAll().identity(alice));
            String encoded = Base64.getEncoder().encodeToString(alice.leaf().getEncoded());
            assertThat(seen.headers().all("client-cert")).containsExactly(":" + encoded + ":");
            assertThat(seen.headers().contains("x-forwarded-client-cert")).isFalse();
        }
    }

    @Test
    void removesWhatClientsClaimEvenWhereNothingIsTold() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = asking(upstream, ClientAuth.OPTIONAL, ClientCertificateField.NONE)) {
            RecordedRequest seen = send(lb, upstream, ClientTls.trustAll());
            assertThat(seen.headers().names()).noneMatch(name -> name.contains("client-cert"));
        }
    }

    @Test
    void keepsWhatATrustedProxyTells() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = asking(upstream, ClientAuth.OPTIONAL, ClientCertificateField.XFCC, "127.0.0.1")) {
            RecordedRequest seen = send(lb, upstream, ClientTls.trustAll());
            assertThat(seen.headers().all("x-forwarded-client-cert")).containsExactly("Subject=\"CN=admin\"");
        }
    }

    /** An endpoint of the JDK's that demands a certificate, and answers with the name in it. */
    private static HttpsServer demanding(TestCertificate identity) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity.keyStore(), TestCertificate.KEY_STORE_PASSWORD.toCharArray());
        KeyStore authorities = AUTHORITY.trustStore();
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters demands = context.getDefaultSSLParameters();
                demands.setNeedClientAuth(true);
                parameters.setSSLParameters(demands);
            }
        });
        server.createContext("/", exchange -> {
            String name = ((HttpsExchange) exchange)
                    .getSSLSession()
                    .getPeerPrincipal()
                    .getName();
            exchange.sendResponseHeaders(200, name.length());
            exchange.getResponseBody().write(name.getBytes(UTF_8));
            exchange.close();
        });
        server.start();
        return server;
    }

    private LoadBalancer before(int port, TlsEngine engine, Consumer<UpstreamTlsBuilder> tls) {
        return cluster(engine, cluster -> cluster.endpoint("localhost", port).tls(tls));
    }

    private static LoadBalancer cluster(TlsEngine engine, Consumer<ClusterBuilder> more) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster("api", more)
                .route(route -> route.path("/**").to("api").retry(retry -> retry.count(0)))
                .process(process -> process.eventLoops(1).tlsEngine(engine).drainTimeout(Duration.ofSeconds(5)))
                .start();
    }

    private static RawResponse ask(LoadBalancer lb) {
        try (RawClient client = RawClient.connect(lb.port())) {
            return client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n").readResponse();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsEngine.class,
            names = {"BORINGSSL", "JDK"})
    void showsItsOwnToAnEndpointThatAsksForOne(TlsEngine engine) throws Exception {
        Path authorities = AUTHORITY.writePem(folder.resolve("authorities.pem"));
        TestCertificate.PemFiles own = AUTHORITY.client("balancer").writePem(folder, "own");
        HttpsServer server = demanding(AUTHORITY.server("localhost"));
        int port = server.getAddress().getPort();
        try (LoadBalancer with =
                        before(port, engine, tls -> tls.trust(authorities).clientCertificate(own.chain(), own.key()));
                LoadBalancer without = before(port, engine, tls -> tls.trust(authorities))) {
            assertThat(ask(with).text()).isEqualTo("CN=balancer");
            assertThat(ask(without).status()).isEqualTo(502);
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsEngine.class,
            names = {"BORINGSSL", "JDK"})
    void verifiesEndpointsUnlessItIsToldNotTo(TlsEngine engine) throws Exception {
        Path authorities = AUTHORITY.writePem(folder.resolve("authorities.pem"));
        Path strangers = STRANGER.writePem(folder.resolve("strangers.pem"));
        TestCertificate.PemFiles own = AUTHORITY.client("balancer").writePem(folder, "own");
        HttpsServer server = demanding(AUTHORITY.server("other.test"));
        int port = server.getAddress().getPort();
        try (LoadBalancer byDefault = before(port, engine, tls -> tls.clientCertificate(own.chain(), own.key()));
                LoadBalancer stranger = before(
                        port,
                        engine,
                        tls -> tls.clientCertificate(own.chain(), own.key())
                                .trust(strangers)
                                .serverName("other.test"));
                LoadBalancer wrongName = before(
                        port,
                        engine,
                        tls -> tls.clientCertificate(own.chain(), own.key()).trust(authorities));
                LoadBalancer rightName = before(
                        port,
                        engine,
                        tls -> tls.clientCertificate(own.chain(), own.key())
                                .trust(authorities)
                                .serverName("other.test"));
                LoadBalancer careless = before(
                        port,
                        engine,
                        tls -> tls.clientCertificate(own.chain(), own.key()).insecure())) {
            assertThat(ask(byDefault).headers().first("x-lb4j-reason")).contains("tls_failed");
            assertThat(ask(stranger).headers().first("x-lb4j-reason")).contains("tls_failed");
            assertThat(ask(wrongName).headers().first("x-lb4j-reason")).contains("tls_failed");
            assertThat(ask(rightName).status()).isEqualTo(200);
            assertThat(ask(careless).status()).isEqualTo(200);
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsEngine.class,
            names = {"BORINGSSL", "JDK"})
    void agreesOnHttp2WithAnEndpointThatSpeaksNothingElse(TlsEngine engine) throws Exception {
        Path authorities = AUTHORITY.writePem(folder.resolve("authorities.pem"));
        TestCertificate.PemFiles files = AUTHORITY.server("localhost").writePem(folder, "server");
        TestCertificate.PemFiles own = AUTHORITY.client("balancer").writePem(folder, "own");
        try (LoadBalancer endpoint = LoadBalancer.builder()
                        .listener(
                                "main",
                                listener -> listener.port(0)
                                        .protocols(ListenerProtocol.HTTP2)
                                        .tls(tls -> tls.certificate(files.chain(), files.key())
                                                .clientAuth(ClientAuth.REQUIRED)
                                                .clientTrust(authorities)))
                        .route(route -> route.path("/**").respond(200, response -> response.body("over h2")))
                        .start();
                LoadBalancer lb = cluster(
                        engine,
                        cluster -> cluster.endpoint("localhost", endpoint.port())
                                .protocol(UpstreamProtocol.AUTO)
                                .tls(tls -> tls.trust(authorities).clientCertificate(own.chain(), own.key())))) {
            assertThat(ask(lb).text()).isEqualTo("over h2");
        }
    }
}
