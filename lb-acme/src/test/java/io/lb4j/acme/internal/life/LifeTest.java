package io.lb4j.acme.internal.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.acme.internal.archive.RenewalWindow;
import io.lb4j.acme.internal.authority.OrderRequest;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.config.Origin;
import io.lb4j.spi.Certificate;
import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStores;
import io.lb4j.stats.CertificateStatistics;
import io.lb4j.testkit.time.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When certificates are ordered, by a clock that only the test moves. */
final class LifeTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Household house = new Household("a.test");
    private final FakeAuthority authority = house.authority("ca");

    private static double days(List<Instant> times, int index) {
        return Duration.between(START, times.get(index)).toMinutes() / 60.0 / 24;
    }

    @Test
    void aCertificateIsRenewedInTheLastThirdOfItsLifetimeForYears() {
        house.begin(authority);
        Certificate first = house.shown("a.test");

        house.pass(DAY.multipliedBy(59));
        assertThat(authority.orders).hasSize(1);
        house.pass(DAY.multipliedBy(30)); // the day before its end
        assertThat(authority.orders).hasSize(2);
        assertThat(days(authority.orders, 1)).isBetween(60.0, 63.1);
        assertThat(house.shown("a.test")).isNotEqualTo(first);

        house.pass(DAY.multipliedBy(2 * 365));
        assertThat(house.shown("a.test").notAfter()).isAfter(house.clock.instant());
        assertThat(authority.orders).hasSizeBetween(13, 15);
    }

    @Test
    void aShortLifetimeIsRenewedByItsShareWhateverTheDaysSay() {
        authority.lifetime = Duration.ofHours(160);
        house.begin(authority);
        house.pass(Duration.ofHours(105));
        assertThat(authority.orders).hasSize(1);
        house.pass(Duration.ofHours(8));
        assertThat(authority.orders).hasSize(2);
    }

    @Test
    void anAuthorityThatRefusesIsAskedLessAndLessOften() {
        authority.refuse(AcmeFailure.Kind.REFUSED);
        house.begin(authority);
        house.pass(DAY.multipliedBy(3));

        List<Long> waits = IntStream.range(1, authority.orders.size())
                .mapToObj(i -> Duration.between(authority.orders.get(i - 1), authority.orders.get(i))
                        .toMinutes())
                .toList();
        assertThat(waits).startsWith(1L, 2L, 2L, 5L, 10L, 10L, 10L, 20L).endsWith(360L, 360L);
        assertThat(house.shown("a.test").isSelfSigned()).isTrue();
    }

    @Test
    void failuresAreRememberedBeyondTheEndOfTheProcess() {
        authority.refuse(AcmeFailure.Kind.REFUSED);
        house.begin(authority);
        house.pass(Duration.ofMinutes(11));
        int before = authority.orders.size();
        house.scheduler.shutdownNow();

        Household next = new Household(house.storage, draft -> {}, "a.test");
        next.pass(Duration.ofMinutes(11));
        FakeAuthority same = next.authority("ca");
        CertificateStatistics standing = next.begin(same).standing().get(0);
        assertThat(same.orders).as("not at once").isEmpty();
        assertThat(standing.failures()).isEqualTo(before);
        assertThat(standing.isSelfSigned()).isTrue();
    }

    @Test
    void anAuthorityIsNotAskedBeforeItSaysSo() {
        authority.failure = Optional.of(new AcmeFailure(
                AcmeFailure.Kind.RATE_LIMITED,
                "too many",
                new AcmeFailure.Details(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(START.plus(DAY)))));
        house.begin(authority);
        house.pass(DAY.minusMinutes(1));
        assertThat(authority.orders).hasSize(1);
        house.pass(Duration.ofMinutes(2));
        assertThat(authority.orders).hasSize(2);
    }

    @Test
    void anAuthorityThatWantsToBeLeftAloneHoldsNoOtherBack() {
        FakeAuthority other = house.authority("cb");
        other.refuse(AcmeFailure.Kind.UNREACHABLE);
        authority.failure = Optional.of(new AcmeFailure(
                AcmeFailure.Kind.RATE_LIMITED,
                "too many",
                new AcmeFailure.Details(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(START.plus(DAY)))));
        house.begin(authority, other);
        house.pass(Duration.ofMinutes(11));
        assertThat(authority.orders).hasSize(1);
        assertThat(other.orders).hasSize(5); // after 1, 2, 2 and 5 minutes

        house.scheduler.shutdownNow();
        Household next = new Household(house.storage, draft -> {}, "a.test");
        next.pass(Duration.ofHours(1));
        FakeAuthority same = next.authority("ca");
        FakeAuthority well = next.authority("cb");
        next.begin(same, well);
        assertThat(same.orders).as("by another process too").isEmpty();
        assertThat(well.orders).hasSize(1);
        assertThat(next.shown("a.test").isSelfSigned()).isFalse();
    }

    @Test
    void theNextAuthorityIsAskedWhereOneFails() {
        FakeAuthority other = house.authority("cb");
        authority.refuse(AcmeFailure.Kind.UNREACHABLE);
        CertificateStatistics standing =
                house.begin(authority, other).standing().get(0);
        assertThat(house.shown("a.test").isSelfSigned()).isFalse();
        assertThat(standing.held().orElseThrow().authority()).isEqualTo("cb");
        assertThat(standing.failures()).isZero();
    }

    @Test
    void afterAFailureTheEndpointForTrialsIsAskedFirst() {
        FakeAuthority trial = house.authority("ca-staging");
        authority.rehearsal = Optional.of(trial);
        authority.refuse(AcmeFailure.Kind.CHALLENGE_FAILED);
        trial.refuse(AcmeFailure.Kind.CHALLENGE_FAILED);
        house.begin(authority);
        house.pass(DAY);
        assertThat(authority.orders).as("once, and then not in earnest").hasSize(1);
        assertThat(trial.orders).hasSizeGreaterThan(10);

        authority.failure = Optional.empty();
        trial.failure = Optional.empty();
        house.pass(Duration.ofHours(6));
        assertThat(house.shown("a.test").isSelfSigned()).isFalse();
        assertThat(authority.orders).hasSize(2);
    }

    @Test
    void theAuthoritysWishIsFollowedAndBelongsToOneCertificate() {
        Instant start = START.plus(DAY.multipliedBy(10));
        authority.window = Optional.of(new RenewalWindow(start, start.plus(DAY), START.plus(DAY.multipliedBy(400))));
        house.begin(authority);
        house.pass(DAY.multipliedBy(9));
        assertThat(authority.orders).hasSize(1);
        authority.window = Optional.empty();
        house.pass(DAY.multipliedBy(3));
        assertThat(authority.orders).hasSize(2);
        assertThat(days(authority.orders, 1)).isBetween(10.0, 11.1);
        assertThat(authority.requests.get(1).replaces()).isPresent();

        house.pass(DAY.multipliedBy(30));
        assertThat(authority.orders)
                .as("the new certificate has no such window")
                .hasSize(2);
    }

    @Test
    void aWishThatIsAlwaysOverReplacesNoMoreThanAFewCertificatesInALifetime() {
        authority.window = Optional.of(new RenewalWindow(START.minus(DAY), START.minusSeconds(1), START));
        Keepers keepers = house.begin(authority);
        house.pass(Duration.ofHours(2));
        assertThat(authority.orders).as("it may be right once").hasSize(2);
        house.pass(DAY.multipliedBy(365));
        assertThat(authority.orders).hasSizeLessThan(12);
        assertThat(house.reports)
                .anySatisfy(report -> assertThat(report)
                        .startsWith("certificate_hurried a.test: ca wanted it")
                        .contains("2 times in a row"));
        assertThat(keepers.standing().get(0).hurried()).isGreaterThan(1);

        authority.window = Optional.empty();
        house.pass(DAY.multipliedBy(100));
        int before = authority.orders.size();
        house.pass(DAY.multipliedBy(50));
        assertThat(authority.orders).hasSizeBetween(before, before + 1);
    }

    @Test
    void aClockThatJumpsAheadKeepsNoTurnWaitingThatIsDueAtOnce() throws Exception {
        Keepers keepers = house.begin(authority);
        house.ahead = Duration.ofHours(2);
        keepers.revoke("a.test", RevocationReason.SUPERSEDED);
        house.scheduler.runDue();
        assertThat(authority.orders).hasSize(2);
    }

    @Test
    void aWishThatComesTooLateIsNotWaitedFor() {
        Instant late = START.plus(DAY.multipliedBy(100));
        authority.window = Optional.of(new RenewalWindow(late, late.plus(DAY), late));
        house.begin(authority);
        house.pass(DAY.multipliedBy(88));
        assertThat(authority.orders).hasSize(2);
        assertThat(days(authority.orders, 1)).isBetween(85.4, 85.7); // with a twentieth of 90 days left
    }

    @Test
    void anAuthorityIsAskedForItsWishAsOftenAsItLikes() {
        Instant start = START.plus(DAY.multipliedBy(60));
        authority.window = Optional.of(new RenewalWindow(start, start.plus(DAY), START.plus(Duration.ofHours(12))));
        house.begin(authority);
        house.pass(Duration.ofHours(11));
        assertThat(authority.asked).hasSizeLessThanOrEqualTo(1);
        house.pass(Duration.ofHours(2));
        assertThat(authority.asked.get(authority.asked.size() - 1)).isAfterOrEqualTo(START.plus(Duration.ofHours(12)));
    }

    @Test
    void nearTheEndItIsTriedOftenEnough() {
        house.begin(authority);
        authority.refuse(AcmeFailure.Kind.UNREACHABLE);
        house.pass(DAY.multipliedBy(90).minusHours(2));
        int before = authority.orders.size();
        house.pass(Duration.ofHours(2));
        assertThat(authority.orders.size() - before).isGreaterThan(10);
    }

    @Test
    void aCertificateThatIsRevokedIsReplacedAtOnceAndItsKeyIsNotUsedAgain() throws Exception {
        Household reusing = new Household(
                AcmeStorages.inMemory(), draft -> draft.set(AcmeOptions.REUSE_KEY, true, Origin.byDefault()), "a.test");
        FakeAuthority issuer = reusing.authority("ca");
        Keepers keepers = reusing.begin(issuer);
        Certificate first = reusing.shown("a.test");

        reusing.pass(DAY.multipliedBy(70));
        assertThat(issuer.requests.get(1).key().get().getPrivate()).isEqualTo(first.key());
        Certificate second = reusing.shown("a.test");
        keepers.revoke("a.test", RevocationReason.KEY_COMPROMISE);
        reusing.scheduler.runDue();

        assertThat(issuer.revocations).containsExactly(RevocationReason.KEY_COMPROMISE);
        assertThat(reusing.shown("a.test")).isNotEqualTo(second);
        assertThat(issuer.requests.get(2).key().get().getPrivate()).isNotEqualTo(second.key());
        assertThat(reusing.storage.keys("quarantine/"))
                .singleElement()
                .asString()
                .contains("a.test");
    }

    @Test
    void oneNameThatFailsKeepsNoOtherFromItsCertificate() {
        Household two = new Household("a.test", "b.test");
        FakeAuthority issuer = new FakeAuthority("ca", two.clock) {
            @Override
            public Certificate obtain(OrderRequest request) throws AcmeFailure {
                if (request.names().toString().equals("a.test")) {
                    throw new AcmeFailure(AcmeFailure.Kind.REFUSED, "a.test: no", AcmeFailure.Details.NONE);
                }
                return super.obtain(request);
            }
        };
        two.begin(issuer);
        assertThat(two.shown("a.test").isSelfSigned()).isTrue();
        assertThat(two.shown("b.test").isSelfSigned()).isFalse();
        assertThat(two.reports).anySatisfy(report -> assertThat(report).contains("certificate_failed a.test", "no"));
    }

    @Test
    void atMostTenOrdersGoOutInTenSeconds() {
        Household many = new Household(
                IntStream.range(0, 25).mapToObj(i -> "n" + i + ".test").toArray(String[]::new));
        FakeAuthority issuer = many.authority("ca");
        many.begin(issuer);
        assertThat(issuer.orders).hasSize(10);
        many.pass(Duration.ofSeconds(10));
        assertThat(issuer.orders).hasSize(20);
        many.pass(Duration.ofSeconds(10));
        assertThat(issuer.orders).hasSize(25);
    }

    @Test
    void timeThatJumpsAheadFindsACertificateAndNotItsRemains() {
        house.begin(authority);
        house.scheduler.shutdownNow();
        Household later = new Household(house.storage, draft -> {}, "a.test");
        later.pass(DAY.multipliedBy(4 * 365));
        FakeAuthority issuer = later.authority("ca");
        later.begin(issuer);
        assertThat(later.shown("a.test").notAfter()).isAfter(later.clock.instant());
    }

    @Test
    void aClockThatIsPutBackLeavesNothingWaitingForTheTimeThatItHadShown() {
        house.pass(DAY.multipliedBy(400));
        authority.refuse(AcmeFailure.Kind.UNREACHABLE);
        house.begin(authority);
        house.scheduler.shutdownNow();

        Household right = new Household(house.storage, draft -> {}, "a.test");
        right.begin(right.authority("ca"));
        assertThat(right.shown("a.test").isSelfSigned()).isFalse();
    }

    @Test
    void whatAnotherInstanceObtainedLastIsServedWhateverTheirClocksSay() throws Exception {
        SharedStore store = SharedStores.inMemory(FakeClock.create().nanoSource());
        Household ahead = new Household(AcmeStorages.shared(store, "acme/"), draft -> {}, "a.test");
        Household right = new Household(AcmeStorages.shared(store, "acme/"), draft -> {}, "a.test");
        ahead.pass(Duration.ofMinutes(5));
        Keepers keepers = ahead.begin(ahead.authority("ca"));
        FakeAuthority issuer = right.authority("ca");
        right.pass(Duration.ofMinutes(1));
        Keepers others = right.begin(issuer);
        assertThat(right.shown("a.test")).isEqualTo(ahead.shown("a.test"));

        others.revoke("a.test", RevocationReason.SUPERSEDED);
        right.scheduler.runDue();
        assertThat(issuer.orders).hasSize(1);
        keepers.look();
        assertThat(ahead.shown("a.test")).isEqualTo(right.shown("a.test"));
    }

    @Test
    void whoStoodStillBeyondItsLockServesWhatAnotherInstanceObtained() {
        FakeClock leases = FakeClock.create();
        SharedStore store = SharedStores.inMemory(leases.nanoSource());
        Household stalled = new Household(AcmeStorages.shared(store, "acme/"), draft -> {}, "a.test");
        Household other = new Household(AcmeStorages.shared(store, "acme/"), draft -> {}, "a.test");
        FakeAuthority others = other.authority("ca");
        FakeAuthority late = new FakeAuthority("ca", stalled.clock) {
            @Override
            public Certificate obtain(OrderRequest request) throws AcmeFailure {
                Certificate obtained = super.obtain(request);
                if (orders.size() == 1) {
                    leases.advance(Duration.ofMinutes(1));
                    other.begin(others);
                }
                return obtained;
            }
        };
        stalled.begin(late);
        stalled.pass(Duration.ofSeconds(2));

        assertThat(others.orders).hasSize(1);
        assertThat(late.orders).as("no second time").hasSize(1);
        assertThat(stalled.shown("a.test")).isEqualTo(other.shown("a.test"));
        assertThat(stalled.reports).as("nothing that an operator has to know").isEmpty();
    }
}
