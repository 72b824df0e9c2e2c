package io.lb4j.acme.internal.challenge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.acme.model.DomainName;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The small server for challenges answers tokens that it knows, and nothing else. */
final class ChallengeServerTest {
    private static final Proof PROOF = new Proof(DomainName.of("a.test"), "the-token_1", "the-token_1.thumbprint");

    private final HttpSolver solver = new HttpSolver();
    private ChallengeServer server;

    @BeforeEach
    void listen() throws IOException {
        server = ChallengeServer.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), solver);
        solver.present(PROOF);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private RawResponse ask(String request) {
        try (RawClient client = RawClient.connect(server.port())) {
            return client.send(request).readResponse();
        }
    }

    @Test
    void answersATokenForAsLongAsItIsKnown() {
        String request = "GET /.well-known/acme-challenge/the-token_1 HTTP/1.1\r\nHost: a.test\r\n\r\n";
        RawResponse answer = ask(request);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("the-token_1.thumbprint");
        solver.withdraw(PROOF);
        assertThat(ask(request).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /.well-known/acme-challenge/another HTTP/1.1\r\n\r\n",
                "GET /.well-known/acme-challenge/../the-token_1 HTTP/1.1\r\n\r\n",
                "GET /.well-known/acme-challenge/the-token_1?x HTTP/1.1\r\n\r\n",
                "POST /.well-known/acme-challenge/the-token_1 HTTP/1.1\r\n\r\n",
                "GET /.well-known/acme-challenge/the-token_1\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "\u0016\u0003\u0001 \r\n\r\n"
            })
    void answersNothingElse(String request) {
        RawResponse answer = ask(request);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).isEmpty();
    }

    @Test
    void aPortThatIsTakenIsToldByItsNumber() {
        assertThatThrownBy(() -> ChallengeServer.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), solver))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + server.port() + " for challenges over HTTP: ");
    }
}
