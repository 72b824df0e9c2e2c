package io.lb4j.it.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.model.UpstreamProtocol;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.java_websocket.handshake.ServerHandshake;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** WebSockets from foreign clients to a foreign server, on every pair of legs. */
final class WebSocketTest {
    private static JettyEcho server;

    @BeforeAll
    static void start() throws Exception {
        server = new JettyEcho(true);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** What a client hears. */
    public static final class Heard extends Session.Listener.Abstract implements Session.Listener.AutoDemanding {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final BlockingQueue<ByteBuffer> pieces = new LinkedBlockingQueue<>();
        final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public void onWebSocketText(String message) {
            texts.add(message);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            pieces.add(ByteBuffer.allocate(payload.remaining()).put(payload).flip());
            callback.succeed();
        }

        @Override
        public void onWebSocketPong(ByteBuffer payload) {
            pongs.add(UTF_8.decode(payload).toString());
        }

        @Override
        public void onWebSocketClose(int code, String reason) {
            closed.complete(code);
        }
    }

    static Stream<Arguments> legs() {
        return Stream.of("http/1.1", "http/1.1 over TLS", "h2c", "h2 over TLS")
                .flatMap(client -> Stream.of(
                        Arguments.of(client, UpstreamProtocol.HTTP1, false),
                        Arguments.of(client, UpstreamProtocol.HTTP2, false),
                        Arguments.of(client, UpstreamProtocol.HTTP2, true)));
    }

    @ParameterizedTest(name = "{0} to {1}, over TLS: {2}")
    @MethodSource("legs")
    void messagesPingsAndClosesPass(String leg, UpstreamProtocol protocol, boolean secured) throws Exception {
        Origin origin = new Origin(secured ? server.securedPort() : server.plainPort(), protocol, secured);
        try (LoadBalancer balancer = Between.start(origin)) {
            converse(leg, balancer);
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void theyPassThroughThePluginsToo(String leg) throws Exception {
        for (UpstreamProtocol protocol : List.of(UpstreamProtocol.HTTP1, UpstreamProtocol.HTTP2)) {
            Origin origin = new Origin(server.plainPort(), protocol, false);
            try (LoadBalancer balancer =
                    Between.withPlugins(Between.before(origin)).start()) {
                converse(leg, balancer);
                await().untilAsserted(() -> assertThat(balancer.stats().plugins())
                        .hasSize(12)
                        .allSatisfy((place, plugin) -> {
                            assertThat(plugin.calls()).as(place).isPositive();
                            assertThat(plugin.errors()).as(place).isZero();
                        }));
            }
        }
    }

    /** An endpoint that agrees on HTTP/2 and does not know extended CONNECT, as most do, gets its WebSockets over HTTP/1.1. */
    @ParameterizedTest
    @MethodSource("clients")
    void aWebSocketGoesOverHttp11WhereTheEndpointsHttp2DoesNotKnowIt(String leg) throws Exception {
        try (JettyEcho plainer = new JettyEcho(false);
                LoadBalancer balancer = Between.start(Origin.secured(plainer.securedPort(), UpstreamProtocol.AUTO))) {
            converse(leg, balancer);
        }
    }

    static Stream<String> clients() {
        return Stream.of("http/1.1", "h2c");
    }

    private static void converse(String leg, LoadBalancer balancer) throws Exception {
        boolean secured = leg.endsWith("TLS");
        int port = secured ? Between.securedPort(balancer) : Between.plainPort(balancer);
        URI target = URI.create((secured ? "wss" : "ws") + "://127.0.0.1:" + port + "/chat?room=1");
        try (JettyClient client = new JettyClient(leg.startsWith("h2"))) {
            Heard heard = new Heard();
            Session session = client.socket.connect(heard, target).get(30, TimeUnit.SECONDS);
            exchangeMessages(session, heard);
            session.sendText("bye", Callback.NOOP);
            assertThat(heard.closed.get(30, TimeUnit.SECONDS)).isEqualTo(4001);

            Heard again = new Heard();
            Session other = client.socket.connect(again, target).get(30, TimeUnit.SECONDS);
            other.close(4002, "enough", Callback.NOOP);
            JettyEcho.awaitClose(4002);
            // Jetty ends its half of TLS before it is answered, which the engines take for the end of both.
            assertThat(again.closed.get(30, TimeUnit.SECONDS)).isIn(4002, 1006);
        }
    }

    private static void exchangeMessages(Session session, Heard heard) throws Exception {
        List<String> texts =
                IntStream.range(0, 200).mapToObj(i -> "message " + i + " ✓").toList();
        for (String text : texts) {
            session.sendText(text, Callback.NOOP);
        }
        for (String text : texts) {
            assertThat(heard.texts.poll(30, TimeUnit.SECONDS)).isEqualTo(text);
        }
        byte[] large = new byte[3 << 20];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31);
        }
        session.sendBinary(ByteBuffer.wrap(large), Callback.NOOP);
        assertThat(heard.pieces.poll(30, TimeUnit.SECONDS)).isEqualTo(ByteBuffer.wrap(large));
        session.sendPing(ByteBuffer.wrap("alive".getBytes(UTF_8)), Callback.NOOP);
        assertThat(heard.pongs.poll(30, TimeUnit.SECONDS)).isEqualTo("alive");
    }

    /** Jetty's client, over one protocol only. */
    private static final class JettyClient implements AutoCloseable {
        private final org.eclipse.jetty.client.HttpClient http;
        final WebSocketClient socket;

        JettyClient(boolean http2) throws Exception {
            ClientConnector connector = new ClientConnector();
            connector.setSslContextFactory(new SslContextFactory.Client(true));
            http = new org.eclipse.jetty.client.HttpClient(
                    http2
                            ? new HttpClientTransportOverHTTP2(new HTTP2Client(connector))
                            : new HttpClientTransportOverHTTP(connector));
            http.start();
            socket = new WebSocketClient(http);
            socket.setMaxBinaryMessageSize(8 << 20);
            socket.start();
        }

        @Override
        public void close() {
            LifeCycle.stop(socket);
            LifeCycle.stop(http);
        }
    }

    @ParameterizedTest
    @MethodSource("origins")
    void theJdksClientIsServed(UpstreamProtocol protocol) throws Exception {
        BlockingQueue<CharSequence> texts = new LinkedBlockingQueue<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        try (LoadBalancer balancer = Between.start(new Origin(server.plainPort(), protocol, false))) {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + Between.plainPort(balancer) + "/"),
                            new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                                    texts.add(data);
                                    from.request(1);
                                    return CompletableFuture.completedStage(null);
                                }

                                @Override
                                public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                                    closed.complete(code);
                                    return CompletableFuture.completedStage(null);
                                }
                            })
                    .get(30, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(30, TimeUnit.SECONDS);
            assertThat(texts.poll(30, TimeUnit.SECONDS)).hasToString("hello");
            socket.sendText("bye", true).get(30, TimeUnit.SECONDS);
            assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(4001);
        }
    }

    static Stream<UpstreamProtocol> origins() {
        return Stream.of(UpstreamProtocol.HTTP1, UpstreamProtocol.HTTP2);
    }

    @Test
    void javaWebSocketsClientIsServed() throws Exception {
        BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        try (LoadBalancer balancer = Between.start(Origin.http2(server.plainPort()))) {
            var client =
                    new org.java_websocket.client.WebSocketClient(
                            URI.create("ws://127.0.0.1:" + Between.plainPort(balancer) + "/")) {
                        @Override
                        public void onOpen(ServerHandshake handshake) {
                            send("hello");
                        }

                        @Override
                        public void onMessage(String message) {
                            texts.add(message);
                        }

                        @Override
                        public void onClose(int code, String reason, boolean remote) {
                            closed.complete(code);
                        }

                        @Override
                        public void onError(Exception fault) {
                            closed.completeExceptionally(fault);
                        }
                    };
            client.connect();
            assertThat(texts.poll(30, TimeUnit.SECONDS)).isEqualTo("hello");
            client.send("bye");
            assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(4001);
        }
    }
}
