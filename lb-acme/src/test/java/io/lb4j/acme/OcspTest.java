package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.internal.status.StatusService;
import io.lb4j.testkit.tls.ClientTls;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real authority that names a responder: what it says reaches clients, and a revocation is found out. */
final class OcspTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private static void speakFor(Site site, StatusService service) throws Exception {
        try (PEMParser pem = new PEMParser(new StringReader(site.pebble.intermediateKey()))) {
            PEMKeyPair pair = (PEMKeyPair) pem.readObject();
            service.signAs(
                    new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo()), site.pebble.intermediate());
        }
    }

    /** What a client is shown beside the certificate (RFC 6066 §8). */
    private static List<byte[]> staples(Site site, String name) throws IOException {
        try (SSLSocket socket = ClientTls.trustAll()
                .serverName(name)
                .secure(new Socket(InetAddress.getLoopbackAddress(), site.securedPort()))) {
            return ((ExtendedSSLSession) socket.getSession()).getStatusResponses();
        }
    }

    @Test
    void whatTheResponderSaysIsStapledAndARevocationIsFoundOut() throws Exception {
        try (StatusService service = new StatusService();
                Site site = new Site(folder, settings -> settings.ocspResponder(service.responder()))) {
            speakFor(site, service);
            Acme acme = site.acme().domains("a.test");
            BigInteger first;
            try (LoadBalancer lb = site.balancer(acme).start()) {
                assertThat(lb.port()).isPositive();
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(staples(site, "a.test")).hasSize(1));
                first = site.certificateShown("a.test").getSerialNumber();
                BasicOCSPResp shown =
                        (BasicOCSPResp) new OCSPResp(staples(site, "a.test").get(0)).getResponseObject();
                assertThat(shown.getResponses()[0].getCertID().getSerialNumber())
                        .isEqualTo(first);
            }
            service.revoke(first, 1);
            try (LoadBalancer lb = site.balancer(site.acme().domains("a.test")).start()) {
                assertThat(lb.port()).isPositive();
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(site.certificateShown("a.test").getSerialNumber())
                                        .isNotEqualTo(first));
                assertThat(site.reports)
                        .anySatisfy(report -> assertThat(report.message())
                                .contains(
                                        "its issuer has revoked serial " + first.toString(16) + " for key_compromise"));
                assertThat(site.stored())
                        .anySatisfy(file -> assertThat(file.toString()).contains("quarantine"));
            }
        }
    }

    @Test
    void nobodyIsAskedWhereThatIsSwitchedOff() throws Exception {
        try (StatusService service = new StatusService();
                Site site = new Site(folder, settings -> settings.ocspResponder(service.responder()))) {
            speakFor(site, service);
            try (LoadBalancer lb = site.balancer(site.acme().domains("a.test").noRevocationCheck())
                    .start()) {
                assertThat(lb.port()).isPositive();
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(site.issuerShown("a.test")).startsWith("CN=Pebble"));
            }
            assertThat(service.asked()).isZero();
        }
    }
}
