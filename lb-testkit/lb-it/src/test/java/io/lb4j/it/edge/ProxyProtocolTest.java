package io.lb4j.it.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.ListenerBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.model.ProxyProtocol;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Dial;
import io.lb4j.testkit.tls.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The PROXY protocol: believed of those whom the configuration names, and told to endpoints. */
final class ProxyProtocolTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n";
    private static final String V1 = "PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\n";
    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};

    private static LoadBalancerBuilder with(ScriptedUpstream upstream, Consumer<ListenerBuilder> more) {
        return LoadBalancer.builder()
                .listener("main", listener -> more.accept(listener.port(0)))
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)));
    }

    private static byte[] v2(int command, int family, byte[] rest) {
        return ByteBuffer.allocate(16 + rest.length)
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) rest.length)
                .put(rest)
                .array();
    }

    private static byte[] ipv6Addresses() {
        byte[] rest = new byte[36 + 5];
        rest[0] = 0x20;
        rest[1] = 0x01;
        rest[15] = 9; // 2001::9
        rest[31] = 1; // ::1
        rest[34] = 0x20;
        rest[35] = (byte) 0xfb; // 8443
        rest[36] = 4; // an extension of two octets: no operation
        rest[38] = 2;
        return rest;
    }

    @Test
    void namesTheClientInEitherVersion() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = with(upstream, listener -> listener.proxyProtocolFrom("127.0.0.0/8"))
                        .start()) {
            try (RawClient client = RawClient.connect(lb.port())) {
                assertThat(client.send(V1 + GET).readResponse().status()).isEqualTo(200);
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }
            try (RawClient client = RawClient.connect(lb.port())) {
                client.sendSlowly(v2(0x21, 0x21, ipv6Addresses()), Duration.ofMillis(1), 1, 5, 7, 20);
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }
            try (RawClient client = RawClient.connect(lb.port())) {
                client.send(v2(0x20, 0, new byte[0]));
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }
            try (RawClient client = RawClient.connect(lb.port())) {
                assertThat(client.send("PROXY UNKNOWN\r\n" + GET).readResponse().status())
                        .isEqualTo(200);
            }
            assertThat(upstream.awaitRequests(5))
                    .extracting(request ->
                            request.headers().first("x-forwarded-for").orElse(""))
                    .containsExactly("192.0.2.7", "192.0.2.7", "2001::9", "127.0.0.1", "127.0.0.1");
            assertThat(upstream.requests().get(0).headers().first("x-forwarded-port"))
                    .contains("443");
            assertThat(upstream.requests().get(2).headers().first("x-forwarded-port"))
                    .contains("8443");
        }
    }

    @Test
    void comesBeforeTheHandshake() throws IOException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = with(
                                upstream,
                                listener ->
                                        listener.proxyProtocolFrom("127.0.0.1").tls(tls -> tls.selfSigned("a.test")))
                        .start();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), lb.port())) {
            socket.getOutputStream().write(V1.getBytes(ISO_8859_1));
            try (Socket secured = ClientTls.trustAll().serverName("a.test").secure(socket)) {
                secured.getOutputStream().write(GET.getBytes(ISO_8859_1));
                assertThat(new String(secured.getInputStream().readNBytes(12), ISO_8859_1))
                        .isEqualTo("HTTP/1.1 200");
            }
            assertThat(upstream.awaitRequest().headers().first("x-forwarded-for"))
                    .contains("192.0.2.7");
        }
    }

    @Test
    void isDemandedOfThoseWhoAreNamedAndOfNobodyElse() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer trusting = with(upstream, listener -> listener.proxyProtocolFrom("127.0.0.1/32", "::1"))
                        .start();
                LoadBalancer strict = with(upstream, listener -> listener.proxyProtocolFrom("192.0.2.0/24"))
                        .start()) {
            for (String beginning : List.of(
                    GET,
                    "PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n",
                    "PROXY TCP4 1.2.3.4 ::1 1 2\r\n",
                    "PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n",
                    "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n",
                    "PROXY " + "x".repeat(200))) {
                try (RawClient client = RawClient.connect(trusting.port())) {
                    client.send(beginning).expectClose();
                }
            }
            try (RawClient client = RawClient.connect(trusting.port())) {
                client.send(v2(0x31, 0x11, new byte[12])).expectClose();
            }
            assertThat(upstream.requestCount()).isZero();
            try (RawClient client = RawClient.connect(strict.port())) {
                assertThat(client.send(V1 + GET).readResponse().status()).isEqualTo(400);
            }
            try (RawClient client = RawClient.connect(strict.port())) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }
            assertThat(upstream.awaitRequest().headers().first("x-forwarded-for"))
                    .contains("127.0.0.1");
        }
    }

    @Test
    void isWaitedForNoLongerThanForARequestsHead() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = with(
                                upstream,
                                listener -> listener.proxyProtocolFrom("127.0.0.1")
                                        .timeouts(timeouts -> timeouts.requestHead(Duration.ofMillis(100))))
                        .start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send("PROXY TCP4").expectClose();
        }
    }

    @Test
    void countsConnectionsForTheClientThatItNames() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = with(
                                upstream,
                                listener -> listener.proxyProtocolFrom("127.0.0.1")
                                        .limits(limits -> limits.connectionsPerClient(1)))
                        .start();
                RawClient first = RawClient.connect(lb.port());
                RawClient second = RawClient.connect(lb.port());
                RawClient third = RawClient.connect(lb.port())) {
            assertThat(first.send(V1 + GET).readResponse().status()).isEqualTo(200);
            assertThat(second.send(V1.replace("192.0.2.7", "192.0.2.8") + GET)
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            third.send(V1 + GET).expectClose();
            first.abort();
            await().until(() -> Counted.listener(lb, "main").connectionsOpen() == 1);
            try (RawClient fourth = RawClient.connect(lb.port())) {
                assertThat(fourth.send(V1 + GET).readResponse().status()).isEqualTo(200);
            }
        }
    }

    /** An endpoint that writes down what each of its connections begins with. */
    private static final class NotingEndpoint implements AutoCloseable {
        private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final List<byte[]> beginnings = new CopyOnWriteArrayList<>();

        NotingEndpoint(int length) throws IOException {
            Thread accepting = new Thread(() -> {
                while (!socket.isClosed()) {
                    try {
                        Socket connection = socket.accept();
                        new Thread(() -> serve(connection, length)).start();
                    } catch (IOException e) {
                        return; // closed
                    }
                }
            });
            accepting.start();
        }

        private void serve(Socket connection, int length) {
            try (connection) {
                InputStream in = connection.getInputStream();
                beginnings.add(in.readNBytes(length));
                int ends = 0;
                for (int c = in.read(); c >= 0; c = in.read()) {
                    ends = c == '\r' || c == '\n' ? ends + 1 : 0;
                    if (ends == 4) {
                        connection.getOutputStream().write(ANSWER.getBytes(ISO_8859_1));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static LoadBalancer telling(int endpoint, ProxyProtocol version) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster(
                        "api",
                        cluster -> cluster.endpoint("127.0.0.1", endpoint).proxyProtocol(version))
                .route(route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(1).drainTimeout(Duration.ofSeconds(5)))
                .start();
    }

    @Test
    void tellsEndpointsTheClientAndGivesEachConnectionsOfItsOwn() throws IOException {
        // Five digits in a port are not certain: the length is that of what comes before them.
        try (NotingEndpoint endpoint = new NotingEndpoint("PROXY TCP4 127.0.0.1 127.0.0.1 ".length());
                LoadBalancer lb = telling(endpoint.socket.getLocalPort(), ProxyProtocol.V1);
                RawClient first = RawClient.connect(lb.port());
                RawClient second = RawClient.connect(lb.port())) {
            for (RawClient client : List.of(first, second, first, second)) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }
            assertThat(endpoint.beginnings)
                    .hasSize(2)
                    .allSatisfy(octets ->
                            assertThat(new String(octets, ISO_8859_1)).isEqualTo("PROXY TCP4 127.0.0.1 127.0.0.1 "));
        }
    }

    @Test
    void closesAClientsConnectionsWhenTheClientHasGone() throws IOException {
        try (NotingEndpoint endpoint = new NotingEndpoint(28);
                LoadBalancer lb = telling(endpoint.socket.getLocalPort(), ProxyProtocol.V2)) {
            try (RawClient client = RawClient.connect(lb.port())) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
                assertThat(Counted.cluster(lb, "api").connections()).isEqualTo(1);
            }
            await().until(() -> Counted.cluster(lb, "api").connections() == 0);
        }
    }

    @Test
    void tellsEndpointsTheClientInBinary() throws IOException {
        try (NotingEndpoint endpoint = new NotingEndpoint(28);
                LoadBalancer lb = telling(endpoint.socket.getLocalPort(), ProxyProtocol.V2);
                RawClient client = RawClient.connect(Dial.to(lb.port()).from("127.0.0.2"))) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);

            byte[] addresses = ByteBuffer.allocate(12)
                    .put(new byte[] {127, 0, 0, 2, 127, 0, 0, 1})
                    .putShort((short) client.localPort())
                    .putShort((short) lb.port())
                    .array();
            assertThat(endpoint.beginnings).containsExactly(v2(0x21, 0x11, addresses));
        }
    }

    @Test
    void isUnderstoodByAnotherBalancer() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer inner = with(upstream, listener -> listener.proxyProtocolFrom("127.0.0.1"))
                        .start();
                LoadBalancer outer = telling(inner.port(), ProxyProtocol.V2);
                RawClient client = RawClient.connect(Dial.to(outer.port()).from("127.0.0.3"))) {
            assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            assertThat(upstream.awaitRequest().headers().first("x-forwarded-for"))
                    .contains("127.0.0.3");
        }
    }
}
