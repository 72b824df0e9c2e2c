package io.lb4j.acme.internal.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.acme.internal.status.IssuerStatement;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.config.Origin;
import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What issuers say of certificates that are served, by a clock that only the test moves. */
final class RevocationLifeTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final Household house = new Household(
            AcmeStorages.inMemory(), draft -> draft.set(AcmeOptions.REUSE_KEY, true, Origin.byDefault()), "a.test");
    private final FakeAuthority authority = house.authority("ca");
    private final List<Instant> asked = new ArrayList<>();
    private Optional<Certificate> revoked = Optional.empty();
    private Optional<RevocationReason> reason = Optional.empty();
    private boolean isAway;

    private void beginWithResponder(Duration validity) {
        house.issuers = certificate -> {
            Instant now = house.clock.instant();
            asked.add(now);
            if (isAway) {
                throw new IOException("away");
            }
            Instant until = now.plus(validity);
            boolean isRevoked = revoked.isPresent() && revoked.get().chain().equals(certificate.chain());
            IssuerStatement statement =
                    isRevoked ? IssuerStatement.revoked(reason, until) : IssuerStatement.good(until);
            return Optional.of(statement.by(("since " + now).getBytes(StandardCharsets.US_ASCII)));
        };
        house.begin(authority);
        house.scheduler.runDue();
    }

    private String staple() {
        return house.shown("a.test")
                .ocspResponse()
                .map(octets -> new String(octets, StandardCharsets.US_ASCII))
                .orElse("none");
    }

    @Test
    void aWordOfTheIssuerIsStapledAndReplacedInTheMiddleOfItsTime() {
        beginWithResponder(Duration.ofHours(8));
        assertThat(staple()).isEqualTo("since " + asked.get(0));
        house.pass(Duration.ofHours(3));
        assertThat(asked).hasSize(1);
        house.pass(Duration.ofMinutes(90));
        assertThat(asked).hasSize(2);
        assertThat(staple()).isEqualTo("since " + asked.get(1));
    }

    @Test
    void aWordThatIsOverIsNotStapledAndItsIssuerDoesNotHoldUpRenewal() {
        beginWithResponder(Duration.ofHours(8));
        isAway = true;
        house.pass(Duration.ofHours(7));
        assertThat(staple()).isEqualTo("since " + asked.get(0));
        house.pass(Duration.ofHours(2));
        assertThat(staple()).isEqualTo("none");
        house.pass(DAY.multipliedBy(80));
        assertThat(authority.orders).hasSize(2);
        assertThat(house.reports).noneMatch(report -> report.contains("certificate_failed"));
        isAway = false;
        house.pass(Duration.ofHours(1));
        assertThat(staple()).startsWith("since");
    }

    @Test
    void aCertificateThatItsIssuerHasRevokedIsReplacedAtOnce() throws Exception {
        beginWithResponder(DAY);
        Certificate first = house.shown("a.test");
        revoked = Optional.of(first);
        reason = Optional.of(RevocationReason.SUPERSEDED);
        house.pass(DAY);
        Certificate second = house.shown("a.test");
        assertThat(second.chain()).isNotEqualTo(first.chain());
        assertThat(authority.orders).hasSize(2);
        assertThat(authority.revocations).as("known already").isEmpty();
        assertThat(house.reports)
                .anySatisfy(report -> assertThat(report)
                        .startsWith("certificate_revoked a.test: its issuer has revoked serial ")
                        .contains("for superseded; replaced at once"));
        assertThat(house.storage.keys("quarantine/")).isEmpty();
        assertThat(staple()).startsWith("since");
    }

    @Test
    void aKeyThatIsInOtherHandsIsPutAsideAndNeverUsedAgain() throws Exception {
        beginWithResponder(DAY);
        Certificate first = house.shown("a.test");
        revoked = Optional.of(first);
        reason = Optional.of(RevocationReason.KEY_COMPROMISE);
        house.pass(DAY);
        assertThat(house.storage.keys("quarantine/")).hasSize(1);
        assertThat(authority.requests.get(1).key().get().getPrivate()).isNotEqualTo(first.key());
        Certificate second = house.shown("a.test");
        house.pass(DAY.multipliedBy(70));
        assertThat(authority.requests.get(2).key().get().getPrivate())
                .as("as reuse_key has it")
                .isEqualTo(second.key());
    }

    @Test
    void nothingIsDoneAgainAndAgainAboutWhatIsOverOrNotValidYet() {
        beginWithResponder(Duration.ofHours(8));
        authority.refuse(AcmeFailure.Kind.UNREACHABLE);
        house.pass(DAY.multipliedBy(95));
        int before = asked.size();
        house.pass(DAY);
        assertThat(asked).as("of what is over").hasSize(before);

        Household early = new Household(house.storage, draft -> {}, "a.test");
        early.issuers = house.issuers;
        early.begin(early.authority("ca"));
        early.pass(DAY);
        assertThat(early.shown("a.test").isSelfSigned()).isFalse();
    }

    @Test
    void whoNamesNobodyIsNotAsked() {
        house.issuers = certificate -> {
            asked.add(house.clock.instant());
            return Optional.empty();
        };
        house.begin(authority);
        house.pass(DAY.multipliedBy(30));
        assertThat(asked).hasSize(1);
    }
}
