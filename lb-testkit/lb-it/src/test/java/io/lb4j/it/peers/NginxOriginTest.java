package io.lb4j.it.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.LoadBalancer;
import io.lb4j.it.peers.Between.Origin;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.testkit.http2.H2Response;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.server.Nginx;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** nginx as an endpoint: its own reading of HTTP/2, with connections that it ends after a few requests. */
final class NginxOriginTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "HTTP1, false, '', HTTP/1.1",
        "HTTP2, false, http2, HTTP/2.0",
        "HTTP1, true, ssl, HTTP/1.1",
        "HTTP2, true, ssl http2, HTTP/2.0",
        "AUTO, true, ssl http2, HTTP/2.0",
        "AUTO, true, ssl, HTTP/1.1"
    })
    void requestsSurviveConnectionsThatEndAfterAFew(
            UpstreamProtocol protocol, boolean secured, String listen, String spoken) throws Exception {
        try (Nginx nginx = nginx(listen, secured);
                LoadBalancer balancer = Between.start(new Origin(nginx.port(), protocol, secured));
                RawH2Client client = RawH2Client.connect(Between.plainPort(balancer))) {
            for (int turn = 0; turn < 5; turn++) {
                List<Integer> streams = IntStream.range(0, 20)
                        .mapToObj(i -> client.open(client.head("GET", "/item/" + i), true))
                        .toList();
                for (int i = 0; i < streams.size(); i++) {
                    assertThat(client.awaitResponse(streams.get(i)).text()).isEqualTo(spoken + " GET /item/" + i);
                }
            }
            assertThat(client.violations()).isEmpty();
        }
    }

    @Test
    void aBodyThatNginxDoesNotWantIsAnsweredWhileItIsStillComing() throws Exception {
        try (Nginx nginx = nginx("http2", false);
                LoadBalancer balancer = Between.start(Origin.http2(nginx.port()));
                RawH2Client client = RawH2Client.connect(Between.plainPort(balancer))) {
            int stream = client.open(client.head("POST", "/upload").and("content-length", "1000000"), false);
            client.data(stream, new byte[10_000], false);

            H2Response response = client.awaitResponse(stream);

            assertThat(response.status()).isEqualTo(413);
            assertThat(client.get("/next").status()).isEqualTo(200);
        }
    }

    private Nginx nginx(String listen, boolean secured) throws Exception {
        String certificate = "";
        if (secured) {
            TestCertificate.PemFiles files =
                    TestCertificates.create().server("localhost", "127.0.0.1").writePem(folder, "nginx");
            certificate = "ssl_certificate " + files.chain() + "; ssl_certificate_key " + files.key() + ";";
        }
        String directives = certificate;
        return Nginx.start(port -> """
            server {
                listen 127.0.0.1:%d %s;
                %s
                keepalive_requests 7;
                client_max_body_size 1k;
                location / { return 200 "$server_protocol $request_method $uri"; }
                location /upload { proxy_pass http://127.0.0.1:1; }
            }
            """.formatted(port, listen, directives));
    }
}
