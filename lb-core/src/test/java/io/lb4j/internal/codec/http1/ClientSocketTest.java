package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.error.Kind;
import io.lb4j.http.Method;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client connection on a real socket. */
class ClientSocketTest {
    private final Heard heard = new Heard();

    private void get(SocketClient client) {
        client.onLoop(() -> client.connection().open(heard).writeHead(EmbeddedClient.head(Method.GET, "/"), true));
    }

    private static SslContext tls(SslProvider provider) throws SSLException {
        return SslContextBuilder.forClient()
                .sslProvider(provider)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm("")
                .build();
    }

    /** Answers one request with a body that ends with FIN, after a goodbye or without one. */
    private static final class UntilClose implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final CountDownLatch isOver = new CountDownLatch(1);
        private final Thread thread;

        UntilClose(boolean saysGoodbye) throws IOException {
            ServerTls tls = ServerTls.with(TestCertificates.create().server("localhost"));
            thread = new Thread(() -> serve(tls, saysGoodbye), "until-close");
            thread.start();
        }

        private void serve(ServerTls tls, boolean saysGoodbye) {
            try (Socket socket = listener.accept();
                    SSLSocket secured = tls.secure(socket)) {
                assertThat(secured.getInputStream().read(new byte[1000])).isPositive();
                secured.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nhello".getBytes(StandardCharsets.US_ASCII));
                if (saysGoodbye) {
                    secured.shutdownOutput();
                } else {
                    socket.shutdownOutput(); // below TLS: FIN is all that comes
                }
                isOver.await();
            } catch (IOException | InterruptedException end) {
                throw new IllegalStateException("the test's endpoint has failed", end);
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            isOver.countDown();
            listener.close();
            await().until(() -> !thread.isAlive());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void takesABodyThatEndsWithAGoodbyeForWhole(SslProvider provider) throws IOException {
        try (UntilClose server = new UntilClose(true);
                SocketClient client = new SocketClient(server.port(), Optional.of(tls(provider)))) {
            get(client);

            await().until(heard::isEnded);
            assertThat(heard.body()).isEqualTo("hello");
            assertThat(heard.failure()).isEmpty();
            await().until(client::isClosed);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void takesABodyThatEndsWithoutAGoodbyeForCutShort(SslProvider provider) throws IOException {
        try (UntilClose server = new UntilClose(false);
                SocketClient client = new SocketClient(server.port(), Optional.of(tls(provider)))) {
            get(client);

            await().until(() -> heard.failure().isPresent());
            assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.UPSTREAM_TRUNCATED);
            assertThat(heard.isEnded()).isFalse();
            await().until(client::isClosed);
        }
    }

    @Test
    void takesABodyThatEndsWithFinForWhole() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script ->
                        script.onAny().answer(Answer.status(200).body("hello").untilClose()));
                SocketClient client = new SocketClient(upstream.port(), Optional.empty())) {
            get(client);

            await().until(heard::isEnded);
            assertThat(heard.body()).isEqualTo("hello");
            assertThat(heard.failure()).isEmpty();
        }
    }

    @Test
    void takesABodyThatEndsWithAResetForCutShort() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> script.onAny()
                        .answer(Answer.status(200)
                                .body("x".repeat(100_000))
                                .untilClose()
                                .resetAt(50_000)));
                SocketClient client = new SocketClient(upstream.port(), Optional.empty())) {
            get(client);

            await().until(() -> heard.failure().isPresent());
            assertThat(heard.isEnded()).isFalse();
        }
    }

    @Test
    void noticesThatAnIdleConnectionWasClosed() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "x"));
                SocketClient client = new SocketClient(upstream.port(), Optional.empty())) {
            get(client);
            await().until(heard::isEnded);
            client.onLoop(() -> assertThat(client.connection().capacity()).isOne());

            upstream.closeConnections();

            await().until(client::isClosed);
            client.onLoop(() -> assertThat(client.connection().capacity()).isZero());
        }
    }

    @Test
    void tellsThatNothingCameBackOnAReset() {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().reset());
                SocketClient client = new SocketClient(upstream.port(), Optional.empty())) {
            get(client);

            await().until(() -> heard.failure().isPresent());
            assertThat(heard.failure().orElseThrow().kind()).isEqualTo(Kind.UPSTREAM_CLOSED);
            assertThat(heard.failure().orElseThrow().isUnprocessed()).isFalse();
        }
    }
}
