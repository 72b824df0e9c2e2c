package io.lb4j.examples.embedding;

import io.lb4j.LoadBalancer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/**
 * WebSockets: they need no word of configuration. The one here says how long a connection may be silent, pings included, before it is taken for dead;
 * otherwise that is five minutes.
 *
 * <pre>
 * examples/run websocket [PORT]
 * websocat ws://localhost:8080/chat             says everything again
 * </pre>
 */
public final class WebSockets {
    private WebSockets() {}

    /** Runs until the process is told to end. */
    public static void main(String... words) throws InterruptedException {
        start(Running.port(words)).untilEnded();
    }

    static Running start(int port) throws InterruptedException {
        Echo echo = new Echo();
        echo.start();
        echo.ready.await();
        return Running.start(
                LoadBalancer.builder()
                        .listener("main", listener -> listener.port(port))
                        .cluster("chat", cluster -> cluster.endpoint("127.0.0.1", echo.getPort()))
                        .route(route -> route.path("/chat/**")
                                .to("chat")
                                .timeouts(times -> times.idle(Duration.ofMinutes(30)))),
                echo::end);
    }

    /** A server, by a library that has nothing to do with ours, which says everything again. */
    private static final class Echo extends WebSocketServer {
        private final CountDownLatch ready = new CountDownLatch(1);

        Echo() {
            super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        }

        @Override
        public void onStart() {
            ready.countDown();
        }

        @Override
        public void onOpen(WebSocket connection, ClientHandshake handshake) {
            connection.send("hello " + handshake.getFieldValue("x-forwarded-for"));
        }

        @Override
        public void onMessage(WebSocket connection, String message) {
            connection.send(message);
        }

        @Override
        public void onClose(WebSocket connection, int code, String reason, boolean remote) {
            System.out.println("closed with " + code);
        }

        @Override
        public void onError(WebSocket connection, Exception failure) {
            System.err.println(failure);
        }

        private void end() {
            try {
                stop(1000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
