package io.lb4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.tls.ClientTls;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the quickstart tells people to try. */
final class QuickstartTest {
    private Quickstart quickstart;

    @BeforeEach
    void start() {
        quickstart = Quickstart.start(Arguments.parse("--port", "0", "--tls-port", "0", "--admin-port", "0"));
    }

    @AfterEach
    void end() {
        quickstart.close();
    }

    private static RawResponse ask(RawClient opened, String request) {
        try (RawClient client = opened) {
            return client.send(request + " HTTP/1.1\r\nHost: localhost\r\n\r\n").readResponse();
        }
    }

    private RawResponse get(int port, String path) {
        return ask(RawClient.connect(port), "GET " + path);
    }

    private Set<String> upstreamsOf(int requests) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < requests; i++) {
            RawResponse response = get(quickstart.port(), "/hello");
            assertThat(response.status()).isEqualTo(200);
            names.add(response.headers().first("x-upstream").orElse("nobody"));
        }
        return names;
    }

    @Test
    void requestsAreSpreadOverTheUpstreams() {
        assertThat(upstreamsOf(3)).containsExactly("a", "b", "c");
    }

    @Test
    void anUpstreamThatIsKilledCostsNoRequest() {
        assertThat(ask(RawClient.connect(quickstart.upstreamPort(1)), "DELETE /")
                        .status())
                .isEqualTo(200);

        assertThat(upstreamsOf(12)).contains("a", "c");
    }

    @Test
    void servesTlsAndFiguresToo() {
        assertThat(ask(RawClient.connect(quickstart.tlsPort(), ClientTls.trustAll()), "GET /hello")
                        .status())
                .isEqualTo(200);
        assertThat(get(quickstart.adminPort(), "/metrics").text()).contains("lb4j_");
        assertThat(get(quickstart.adminPort(), "/health/ready").status()).isEqualTo(200);
        assertThat(quickstart.instructions()).contains(":" + quickstart.port(), ":" + quickstart.tlsPort());
    }

    @Test
    void saysHowItIsUsed() {
        for (String port : new String[] {"x", "70000", "-1", ""}) {
            assertThatThrownBy(() -> Arguments.parse("--port", port))
                    .hasMessageStartingWith("--port: \"" + port + "\" (expected: a port, 0..65535)\nusage: quickstart");
        }
        assertThatThrownBy(() -> Arguments.parse("--port")).hasMessageStartingWith("--port: \"\" (expected: a port");
        assertThatThrownBy(() -> Arguments.parse("--prot=1")).hasMessageStartingWith("--prot=1: not an option\nusage");
        assertThatThrownBy(() -> Arguments.parse("--help")).hasMessageStartingWith("usage: quickstart");
    }
}
