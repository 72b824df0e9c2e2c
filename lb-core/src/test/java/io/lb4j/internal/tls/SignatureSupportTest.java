package io.lb4j.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.spi.Certificate;
import io.lb4j.testkit.tls.LeafSpec;
import io.lb4j.testkit.tls.LeafSpec.KeyKind;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SignatureSupportTest {
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final Certificate EC = certificate(KeyKind.EC);
    private static final Certificate RSA = certificate(KeyKind.RSA);

    private static Certificate certificate(KeyKind kind) {
        TestCertificate made =
                AUTHORITY.issue(LeafSpec.named("a.test").names("a.test").key(kind));
        return new Certificate(made.key(), made.chain());
    }

    @Test
    void goesBySchemesAloneInTls13() {
        SignatureSupport pss = new SignatureSupport(Set.of(0x0804), true, false, false);
        assertThat(pss.covers(RSA, true)).isTrue();
        assertThat(pss.covers(EC, true)).isFalse();
        SignatureSupport p256 = new SignatureSupport(Set.of(0x0403), true, false, false);
        assertThat(p256.covers(EC, true)).isTrue();
        assertThat(p256.covers(RSA, true)).isFalse();
        SignatureSupport otherCurve = new SignatureSupport(Set.of(0x0503, 0x0401), true, true, true);
        assertThat(otherCurve.covers(EC, true)).isFalse();
        assertThat(otherCurve.covers(RSA, true)).as("PKCS#1 is not for TLS 1.3").isFalse();
    }

    @Test
    void goesBySuitesAndSchemesBefore() {
        SignatureSupport rsaSuites = new SignatureSupport(Set.of(0x0403, 0x0401), true, false, true);
        assertThat(rsaSuites.covers(RSA, false)).isTrue();
        assertThat(rsaSuites.covers(EC, false)).isFalse();
        SignatureSupport ecdsaSuites = new SignatureSupport(Set.of(0x0503), false, true, false);
        assertThat(ecdsaSuites.covers(EC, true)).as("any curve").isTrue();
        assertThat(ecdsaSuites.covers(RSA, true)).isFalse();
        SignatureSupport silent = new SignatureSupport(Set.of(), false, true, true);
        assertThat(silent.covers(EC, true)).isTrue();
        assertThat(silent.covers(RSA, true)).isTrue();
    }

    @Test
    void coversEverythingWhereNothingIsKnown() {
        assertThat(SignatureSupport.ANY.covers(EC, true)).isTrue();
        assertThat(SignatureSupport.ANY.covers(RSA, true)).isTrue();
    }
}
