package io.lb4j.it.peers;

import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * Jetty's WebSocket server on free ports of 127.0.0.1, over HTTP/1.1 and, by extended CONNECT, HTTP/2. It echoes messages; to the text
 * {@code bye} it answers by closing with 4001.
 */
final class JettyEcho implements AutoCloseable {
    private static final BlockingQueue<Integer> CLOSES = new LinkedBlockingQueue<>();

    private final Server server = new Server();
    private final ServerConnector plain;
    private final ServerConnector secured;

    /**
     * Starts the server.
     *
     * @param connectProtocol whether its HTTP/2 over TLS knows extended CONNECT (RFC 8441); without TLS it always does
     */
    JettyEcho(boolean connectProtocol) throws Exception {
        HttpConfiguration settings = new HttpConfiguration();
        plain = new ServerConnector(
                server, new HttpConnectionFactory(settings), new HTTP2CServerConnectionFactory(settings));
        secured = securedConnector(connectProtocol);
        for (ServerConnector connector : new ServerConnector[] {plain, secured}) {
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
        }
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setMaxBinaryMessageSize(32 << 20);
            container.setMaxTextMessageSize(32 << 20);
            container.setIdleTimeout(Duration.ofMinutes(1));
            container.addMapping("/*", (request, response, callback) -> new Echo());
        }));
        server.start();
    }

    private ServerConnector securedConnector(boolean connectProtocol) {
        HttpConfiguration settings = new HttpConfiguration();
        settings.addCustomizer(new SecureRequestCustomizer(false)); // no SNI for an address
        HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(settings);
        http2.setConnectProtocolEnabled(connectProtocol);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol("http/1.1");
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStore(
                TestCertificates.create().server("localhost", "127.0.0.1").keyStore());
        tls.setKeyStorePassword(TestCertificate.KEY_STORE_PASSWORD);
        return new ServerConnector(
                server,
                new SslConnectionFactory(tls, alpn.getProtocol()),
                alpn,
                http2,
                new HttpConnectionFactory(settings));
    }

    int plainPort() {
        return plain.getLocalPort();
    }

    int securedPort() {
        return secured.getLocalPort();
    }

    /** Waits until a client has closed its WebSocket with a code. */
    static void awaitClose(int code) {
        await().until(() -> CLOSES.contains(code));
        CLOSES.clear();
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }

    /** What is done on one WebSocket. */
    public static final class Echo extends Session.Listener.Abstract implements Session.Listener.AutoDemanding {
        @Override
        public void onWebSocketText(String message) {
            if (message.equals("bye")) {
                getSession().close(4001, "as asked", Callback.NOOP);
                return;
            }
            getSession().sendText(message, Callback.NOOP);
        }

        @Override
        public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
            getSession().sendBinary(payload, callback);
        }

        @Override
        public void onWebSocketClose(int code, String reason) {
            CLOSES.add(code);
        }

        @Override
        public void onWebSocketError(Throwable cause) {
            getSession().close(StatusCode.SERVER_ERROR, String.valueOf(cause), Callback.NOOP);
        }
    }
}
