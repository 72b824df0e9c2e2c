package io.lb4j.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfSignedTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.890Z");

    @Test
    void namesHostsWildcardsAndAddresses() throws GeneralSecurityException {
        SelfSigned made =
                SelfSigned.of(List.of("LocalHost", "*.example.com", "127.0.0.1", "::1", "bücher.example"), NOW);
        assertThat(made.certificate().getSubjectAlternativeNames())
                .containsExactly(
                        List.of(2, "localhost"),
                        List.of(2, "*.example.com"),
                        List.of(7, "127.0.0.1"),
                        List.of(7, "0:0:0:0:0:0:0:1"),
                        List.of(2, "xn--bcher-kva.example"));
        assertThat(made.certificate().getSubjectX500Principal().getName()).isEqualTo("CN=LocalHost");
    }

    @Test
    void isSignedWithItsOwnKey() throws GeneralSecurityException {
        SelfSigned made = SelfSigned.of(List.of("localhost"), NOW);
        made.certificate().verify(made.certificate().getPublicKey());
        assertThat(KeyPairs.match(made.key(), made.certificate().getPublicKey()))
                .isTrue();
        assertThat(((ECPublicKey) made.certificate().getPublicKey())
                        .getParams()
                        .getCurve()
                        .getField()
                        .getFieldSize())
                .isEqualTo(256);
    }

    @Test
    void isValidFromADayAgoForFewerDaysThanBrowsersAllow() {
        SelfSigned made = SelfSigned.of(List.of("localhost"), NOW);
        Instant begin = made.certificate().getNotBefore().toInstant();
        Instant end = made.certificate().getNotAfter().toInstant();
        assertThat(begin).isEqualTo(NOW.minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS));
        assertThat(Duration.between(begin, end)).isEqualTo(Duration.ofDays(397));
    }

    @Test
    void writesTimesAfter2049InTheOtherType() {
        SelfSigned made = SelfSigned.of(List.of("localhost"), Instant.parse("2049-06-01T00:00:00Z"));
        assertThat(made.certificate().getNotAfter().toInstant()).isEqualTo(Instant.parse("2050-07-02T00:00:00Z"));
    }

    @Test
    void servesTlsAndSignsNoOtherCertificates() throws GeneralSecurityException {
        SelfSigned made = SelfSigned.of(List.of("localhost"), NOW);
        assertThat(made.certificate().getVersion()).isEqualTo(3);
        assertThat(made.certificate().getBasicConstraints()).isEqualTo(-1);
        assertThat(made.certificate().getKeyUsage()).startsWith(true, false);
        assertThat(made.certificate().getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(made.certificate().getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
    }

    @Test
    void hasAPositiveSerialNumberOfItsOwn() {
        var first = SelfSigned.of(List.of("localhost"), NOW).certificate().getSerialNumber();
        var second = SelfSigned.of(List.of("localhost"), NOW).certificate().getSerialNumber();
        assertThat(first).isPositive().isNotEqualTo(second);
        assertThat(first.bitLength()).isLessThanOrEqualTo(127);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*.", "a b", "a..b", "-a", "http://a", "a:1", "*.*.a", "a.*"})
    void refusesWhatIsNoName(String name) {
        assertThatThrownBy(() -> SelfSigned.of(List.of(name), NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("self-signed certificate: \"" + name + "\" (expected: a host name,");
    }

    @Test
    void refusesToNameNothing() {
        assertThatThrownBy(() -> SelfSigned.of(List.of(), NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("self-signed certificate: no names (expected: at least one)");
    }
}
