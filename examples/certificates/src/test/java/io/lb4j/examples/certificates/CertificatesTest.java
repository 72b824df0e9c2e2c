package io.lb4j.examples.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.server.Pebble;
import io.lb4j.testkit.server.PebbleSettings;
import io.lb4j.testkit.tls.ClientTls;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example does what it says, with a real authority. */
final class CertificatesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String REQUEST = "GET /things HTTP/1.1\r\nHost: a.test\r\n\r\n";

    @TempDir
    Path folder;

    @Test
    void obtainsItsCertificatesAndServesWithThem() throws Exception {
        try (ReservedPort http = ReservedPort.any();
                ReservedPort https = ReservedPort.any();
                Pebble pebble = Pebble.start(
                        PebbleSettings.defaults().httpPort(http.port()).tlsPort(https.port()))) {
            Arguments arguments = Arguments.parse(
                    "--authority",
                    pebble.directory().toString(),
                    "--trust",
                    pebble.authority().writePem(folder.resolve("api.pem")).toString(),
                    "--storage",
                    folder.resolve("certs").toString(),
                    "--http-port",
                    Integer.toString(http.port()),
                    "--https-port",
                    Integer.toString(https.port()),
                    "a.test",
                    "b.test");
            try (Certificates serving = Certificates.start(arguments)) {
                await().atMost(PATIENCE).until(serving::isComplete);
                try (RawClient client =
                        RawClient.connect(https.port(), ClientTls.trustAll().serverName("a.test"))) {
                    assertThat(client.send(REQUEST).readResponse().text())
                            .isEqualTo("served with a certificate of its own\n");
                }
                assertThat(pebble.issued()).isEqualTo(2);
            }
        }
    }

    @Test
    void saysHowItIsUsed() {
        assertThatThrownBy(() -> Arguments.parse("--email", "admin@example.com"))
                .hasMessageContaining("no names\nusage: certificates [--authority NAME|ADDRESS]");
        assertThatThrownBy(() -> Arguments.parse("a.test", "--email")).hasMessageContaining("--email: no value");
    }
}
