package io.lb4j.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.KeyType;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real authority validates by TLS, at the balancer's own TLS listener. */
final class TlsChallengeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private static int bits(PublicKey key) {
        return key instanceof RSAKey rsa
                ? rsa.getModulus().bitLength()
                : ((ECKey) key).getParams().getOrder().bitLength();
    }

    @ParameterizedTest
    @EnumSource(KeyType.class)
    void aCertificateOfEachKindOfKeyIsObtained(KeyType type) {
        try (Site site = new Site(folder);
                LoadBalancer lb = site.balancer(site.acme()
                                .domains("a.test")
                                .challenges(ChallengeType.TLS_ALPN)
                                .keyType(type))
                        .start()) {
            assertThat(lb.address("secured").getPort()).isEqualTo(site.securedPort());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.issuerShown("a.test")).startsWith("CN=Pebble"));
            PublicKey key = site.certificateShown("a.test").getPublicKey();
            assertThat(type.name()).isEqualTo(key.getAlgorithm() + bits(key));
        }
    }

    @Test
    void oneCertificateHasManyNamesAndAnAddress() throws Exception {
        Acme acme;
        try (Site site = new Site(folder)) {
            acme = site.acme().certificate("a.test", "b.test", "127.0.0.1").challenges(ChallengeType.TLS_ALPN);
            try (LoadBalancer lb = site.balancer(acme).start()) {
                assertThat(lb.address("secured").getPort()).isEqualTo(site.securedPort());
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(site.issuerShown("b.test")).startsWith("CN=Pebble"));
                X509Certificate shown = site.certificateShown("a.test");
                assertThat(shown).isEqualTo(site.certificateShown("b.test"));
                assertThat(shown.getSubjectAlternativeNames())
                        .extracting(List::toString)
                        .containsExactlyInAnyOrder("[2, a.test]", "[2, b.test]", "[7, 127.0.0.1]");
                assertThat(site.pebble.issued()).isEqualTo(1);
            }
        }
    }

    @Test
    void aListenerForHttpIsNotNeeded() {
        try (Site site = new Site(folder);
                LoadBalancer lb =
                        site.securedOnly(site.acme().domains("a.test")).start()) {
            assertThat(lb.address("secured").getPort()).isEqualTo(site.securedPort());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.issuerShown("a.test")).startsWith("CN=Pebble"));
        }
    }
}
