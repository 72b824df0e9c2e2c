package io.lb4j.acme.internal.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.acme.internal.archive.RenewalState;
import io.lb4j.acme.internal.archive.RenewalWindow;
import io.lb4j.acme.internal.archive.StoredCertificate;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.spi.Certificate;
import io.lb4j.testkit.tls.LeafSpec;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a certificate is renewed where its authority has a wish. */
final class RenewalTimeTest {
    private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    private final TestCertificates authority = TestCertificates.create();
    private final RenewalTime time = new RenewalTime(1 / 3.0, Duration.ofDays(30));

    private StoredCertificate issued() {
        TestCertificate made =
                authority.issue(LeafSpec.named("short").names("a.test").validity(ISSUED, ISSUED.plus(HOUR)));
        return new StoredCertificate(
                "ca", CertificateNames.of(DomainName.of("a.test")), new Certificate(made.key(), made.chain()), ISSUED);
    }

    private Instant chosen(StoredCertificate stored, Instant start, Instant end) {
        RenewalState state =
                RenewalState.NONE.about(stored.serial()).with(new RenewalWindow(start, end, ISSUED.plus(HOUR)));
        return time.of(stored, state);
    }

    @Test
    void aWindowThatIsLongerThanTheLifetimeRenewsNothingThatHasJustCome() {
        int soon = 0;
        for (int i = 0; i < 20; i++) {
            Instant chosen = chosen(issued(), ISSUED.minus(DAY), ISSUED.plus(HOUR));
            assertThat(chosen).isBetween(ISSUED, ISSUED.plus(HOUR));
            soon += chosen.isBefore(ISSUED.plus(Duration.ofMinutes(1))) ? 1 : 0;
        }
        assertThat(soon).as("chosen within the window, by chance").isLessThan(10);
    }

    @Test
    void aWindowThatIsOverRenewsAtOnce() {
        assertThat(chosen(issued(), ISSUED.minus(DAY), ISSUED.minus(HOUR))).isEqualTo(ISSUED);
    }
}
