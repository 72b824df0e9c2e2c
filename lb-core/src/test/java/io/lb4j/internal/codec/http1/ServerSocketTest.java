package io.lb4j.internal.codec.http1;

import static io.lb4j.internal.codec.http1.Lines.crlf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.error.Kind;
import io.lb4j.http.ResetCode;
import io.lb4j.http.ResponseHead;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.net.Dial;
import io.lb4j.testkit.time.TimeBound;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server connection on a real socket: how it ends, and how long it waits. */
@TimeBound
class ServerSocketTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final int LARGE = 4 << 20;

    private final Received received = new Received();

    private SocketServer server() {
        return server(Http1Limits.Times.defaults());
    }

    private SocketServer server(Http1Limits.Times times) {
        return new SocketServer(Http1Limits.defaults().withTimes(times), received);
    }

    private Received.Request awaitRequest() {
        await().until(() -> received.count() > 0);
        return received.last();
    }

    private void awaitFailure(Kind kind) {
        await().untilAsserted(() -> assertThat(awaitRequest().failure())
                .hasValueSatisfying(failure -> assertThat(failure.kind()).isEqualTo(kind)));
    }

    @Test
    void letsTheClientReadAnEarlyResponseWhileItStillSends() {
        received.onEach(request -> request.answer(413, "x".repeat(LARGE)));
        try (SocketServer server = server();
                RawClient client = RawClient.connect(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n" + "y".repeat(700_000));

            RawResponse response = client.readResponse();

            assertThat(response.status()).isEqualTo(413);
            assertThat(response.wasTruncated()).isFalse();
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void cutsAClientThatGoesOnSendingAfterItsResponse() {
        received.onEach(request -> request.answer(413, "no"));
        Http1Limits.Times times = Http1Limits.Times.defaults().withLinger(SHORT);
        try (SocketServer server = server(times);
                RawClient client = RawClient.connect(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(413);
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);

            await().untilAsserted(() -> server.onLoop(
                    () -> assertThat(server.connection(0).isDisposed()).isTrue()));
        }
    }

    @Test
    void resetsTheConnectionInTheMiddleOfAResponse() {
        try (SocketServer server = server();
                RawClient client = RawClient.connect(server.port())) {
            client.send(GET);
            Received.Request request = awaitRequest();
            server.onLoop(() -> request.stream().writeHead(new ResponseHead(), false));
            client.readUntil("\r\n\r\n");

            server.onLoop(() -> request.stream().reset(ResetCode.INTERNAL_ERROR));

            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.RESET);
        }
    }

    @Test
    void answers408WhenAHeadDoesNotComeInTime() {
        received.onEach(request -> request.answer(408, "late"));
        try (SocketServer server = server(Http1Limits.Times.defaults().withHead(SHORT));
                RawClient client = RawClient.connect(server.port())) {
            client.send("GET / HTTP/1.1\r\nHos");

            assertThat(client.readResponse().status()).isEqualTo(408);
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
            assertThat(received.last().refusal().orElseThrow().kind()).isEqualTo(Kind.REQUEST_TIMEOUT);
        }
    }

    @Test
    void answers408WhenALaterHeadDoesNotComeInTime() {
        received.onEach(request -> request.answer(request.refusal().isPresent() ? 408 : 200, "x"));
        try (SocketServer server = server(Http1Limits.Times.defaults().withHead(SHORT));
                RawClient client = RawClient.connect(server.port())) {
            client.send(GET);
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.expectSilence(SHORT.multipliedBy(2));
            client.send("GET ");

            assertThat(client.readResponse().status()).isEqualTo(408);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n"})
    void closesSilentlyWhenNothingOfARequestComes(String text) {
        try (SocketServer server = server(Http1Limits.Times.defaults().withHead(SHORT));
                RawClient client = RawClient.connect(server.port())) {
            client.send(text);

            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
            assertThat(received.count()).isZero();
        }
    }

    @Test
    void closesWhenIdleForTooLong() {
        received.onEach(request -> request.answer(200, "x"));
        try (SocketServer server = server(Http1Limits.Times.defaults().withIdle(SHORT));
                RawClient client = RawClient.connect(server.port())) {
            client.send(GET);
            client.readResponse();

            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void keepsAConnectionThatIsNotIdle() {
        received.onEach(request -> request.answer(200, "x"));
        try (SocketServer server = server(Http1Limits.Times.defaults().withIdle(Duration.ofMillis(400)));
                RawClient client = RawClient.connect(server.port())) {
            for (int i = 0; i < 6; i++) {
                client.send(GET);
                assertThat(client.readResponse().status()).isEqualTo(200);
                client.expectSilence(Duration.ofMillis(100));
            }
        }
    }

    @Test
    void failsABodyThatDoesNotComeAndStillAnswers() {
        try (SocketServer server = server(Http1Limits.Times.defaults().withBody(SHORT));
                RawClient client = RawClient.connect(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
            awaitFailure(Kind.REQUEST_TIMEOUT);

            server.onLoop(() -> received.last().answer(408, "late"));

            assertThat(client.readResponse().status()).isEqualTo(408);
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void cutsTheConnectionWhenNobodyAnswersAFailedRequest() {
        Http1Limits.Times times = Http1Limits.Times.defaults().withBody(SHORT).withLinger(SHORT);
        try (SocketServer server = server(times);
                RawClient client = RawClient.connect(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");

            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.RESET);
        }
    }

    @Test
    void doesNotCountTheTimeOfAPause() {
        received.onEach(request -> request.stream().pauseReading());
        try (SocketServer server = server(Http1Limits.Times.defaults().withBody(SHORT));
                RawClient client = RawClient.connect(server.port())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
            client.expectSilence(SHORT.multipliedBy(3));
            assertThat(awaitRequest().failure()).isEmpty();

            server.onLoop(() -> received.last().stream().resumeReading());
            awaitFailure(Kind.REQUEST_TIMEOUT);
        }
    }

    @Test
    void cutsAClientThatDoesNotRead() {
        received.onEach(request -> request.answer(200, "x".repeat(32 << 20)));
        try (SocketServer server = server(Http1Limits.Times.defaults().withWrite(SHORT));
                RawClient client = RawClient.connect(Dial.to(server.port()).receiveBuffer(4096))) {
            client.send(GET);
            awaitRequest();

            await().untilAsserted(() -> server.onLoop(
                    () -> assertThat(server.connection(0).isDisposed()).isTrue()));
            assertThat(client.readResponse().wasTruncated()).isTrue();
        }
    }

    @Test
    void keepsAClientThatReadsSlowly() {
        received.onEach(request -> request.answer(200, "x".repeat(LARGE)));
        try (SocketServer server = server(Http1Limits.Times.defaults().withWrite(SHORT.multipliedBy(4)));
                RawClient client = RawClient.connect(Dial.to(server.port()).receiveBuffer(64 << 10))) {
            client.send(GET);
            client.readUntil("\r\n\r\n");
            for (int left = LARGE; left > 0; left -= LARGE / 16) {
                client.skip(LARGE / 16);
                await().pollDelay(Duration.ofMillis(60)).until(() -> true);
            }
            client.send(GET);
            assertThat(client.readHead()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsThatTheClientIsGone(boolean inOrder) {
        try (SocketServer server = server();
                RawClient client = RawClient.connect(server.port())) {
            client.send(GET);
            awaitRequest();

            if (inOrder) {
                client.halfClose();
            } else {
                client.abort();
            }

            awaitFailure(Kind.CLIENT_GONE);
        }
    }

    @Test
    void drainsAnIdleConnectionInOrder() {
        try (SocketServer server = server();
                RawClient client = RawClient.connect(server.port())) {
            received.onEach(request -> request.answer(200, "x"));
            client.send(GET);
            client.readResponse();

            server.onLoop(() -> server.connection(0).drain());

            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @Test
    void endsTheHalvesOfATunnelOneByOne() {
        try (SocketServer server = server();
                RawClient client = RawClient.connect(server.port())) {
            client.send(crlf("""
                GET / HTTP/1.1
                Host: a
                Connection: upgrade
                Upgrade: websocket
                Sec-WebSocket-Key: k

                """));
            Received.Request request = awaitRequest();
            server.onLoop(() -> request.stream().writeHead(new ResponseHead().status(101), false));
            client.readUntil("\r\n\r\n");
            client.send("bye").halfClose();
            await().until(request::isEnded);
            assertThat(request.body()).isEqualTo("bye");

            server.onLoop(() ->
                    request.stream().writeData(ByteBufAllocator.DEFAULT.buffer().writeZero(LARGE), true));
            client.skip(LARGE);

            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
            assertThat(request.failure()).isEmpty();
        }
    }

    private static SslContext tls(SslProvider provider) throws SSLException {
        TestCertificate certificate = TestCertificates.create().server("localhost");
        return SslContextBuilder.forServer(
                        certificate.key(), certificate.chain().toArray(new X509Certificate[0]))
                .sslProvider(provider)
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void saysGoodbyeOverTlsWhenAllIsSaid(SslProvider provider) throws SSLException {
        received.onEach(request -> request.answer(200, "x".repeat(LARGE)));
        try (SocketServer server =
                        new SocketServer(Http1Limits.defaults(), Optional.of(tls(provider)), loop -> received);
                RawClient client = RawClient.connect(server.port(), ClientTls.trustAll())) {
            client.send(GET);
            assertThat(client.readResponse().wasTruncated()).isFalse();
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            RawResponse response = client.readResponse();

            assertThat(response.wasTruncated()).isFalse();
            assertThat(response.body().length()).isEqualTo(LARGE);
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void lingersOverTls(SslProvider provider) throws SSLException {
        received.onEach(request -> request.answer(413, "x".repeat(LARGE)));
        try (SocketServer server =
                        new SocketServer(Http1Limits.defaults(), Optional.of(tls(provider)), loop -> received);
                RawClient client = RawClient.connect(server.port(), ClientTls.trustAll())) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "y".repeat(100_000));

            assertThat(client.readResponse().wasTruncated()).isFalse();
            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK", "OPENSSL"})
    void saysNoGoodbyeOverTlsWhenAResponseIsCut(SslProvider provider) throws SSLException {
        try (SocketServer server =
                        new SocketServer(Http1Limits.defaults(), Optional.of(tls(provider)), loop -> received);
                RawClient client = RawClient.connect(server.port(), ClientTls.trustAll())) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            Received.Request request = awaitRequest();
            server.onLoop(() -> request.stream().writeHead(new ResponseHead(), false));
            client.readUntil("\r\n\r\n");

            server.onLoop(() -> request.stream().reset(ResetCode.INTERNAL_ERROR));

            assertThat(client.expectClose()).isEqualTo(RawClient.Closure.RESET);
        }
    }
}
