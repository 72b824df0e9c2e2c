package io.lb4j.acme.internal.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.acme.internal.demand.Demands;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How long certificates are kept that somebody has asked for, by a clock that only the test moves. */
final class DemandLifeTest {
    private static final CertificateNames NAME = CertificateNames.of(DomainName.of("a.test"));
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MOST = 2;

    private final Household house = new Household();
    private final FakeAuthority authority = house.authority("ca");
    private final Keepers keepers = house.begin(authority);
    private final AtomicBoolean isOurs = new AtomicBoolean(true);

    private Optional<Certificate> demand(CertificateNames names) throws Exception {
        return keepers.keep(names, (any, isNew) -> isOurs.get(), MOST);
    }

    @Test
    void oneThatIsOursIsRenewedInTime() throws Exception {
        assertThat(demand(NAME)).isPresent();
        house.pass(DAY.multipliedBy(365));
        assertThat(authority.orders).hasSizeBetween(5, 7);
        assertThat(keepers.held(NAME)).isPresent();
    }

    @Test
    void oneThatIsNoLongerOursIsServedUntilItsEndAndLetGoOf() throws Exception {
        Certificate first = demand(NAME).orElseThrow();
        isOurs.set(false);
        house.pass(DAY.multipliedBy(89));
        assertThat(house.shown("a.test")).isEqualTo(first);
        house.pass(DAY.multipliedBy(2));
        assertThat(authority.orders).hasSize(1);
        assertThat(keepers.isDemanded(NAME)).isFalse();
        assertThat(house.served.cached("a.test")).isEmpty();
        assertThat(demand(NAME)).as("stored, and over").isEmpty();
        assertThat(authority.orders).hasSize(1);
    }

    @Test
    void oneThatFailedIsNotHeldAndWaitsBeforeItIsOrderedAgain() throws Exception {
        authority.refuse(AcmeFailure.Kind.REFUSED);
        assertThat(demand(NAME)).isEmpty();
        assertThat(keepers.isDemanded(NAME)).isFalse();
        authority.failure = Optional.empty();
        assertThat(demand(NAME)).isEmpty();
        assertThat(authority.orders).hasSize(1);
        house.pass(Duration.ofMinutes(2));
        assertThat(demand(NAME)).isPresent();
    }

    /** A storage whose locks another instance holds, the first times. Confined to one thread. */
    private static final class Busy implements AcmeStorage {
        private final AcmeStorage storage = AcmeStorages.inMemory();
        private int locked;

        @Override
        public Optional<byte[]> read(String key) throws IOException {
            return storage.read(key);
        }

        @Override
        public void write(String key, byte[] value) throws IOException {
            storage.write(key, value);
        }

        @Override
        public boolean remove(String key) throws IOException {
            return storage.remove(key);
        }

        @Override
        public List<String> keys(String prefix) throws IOException {
            return storage.keys(prefix);
        }

        @Override
        public Optional<Hold> tryLock(String name, Duration timeToLive) throws IOException {
            return locked-- > 0 ? Optional.empty() : storage.tryLock(name, timeToLive);
        }
    }

    @Test
    void whoWaitsForAnotherInstanceIsCountedOnce() {
        Busy busy = new Busy();
        Household other = new Household(busy, draft -> {});
        Keepers waiting = other.begin(other.authority("ca"));
        AtomicInteger decisions = new AtomicInteger();
        Demands demands = new Demands(
                waiting,
                name -> decisions.incrementAndGet() > 0,
                new Demands.Limits(2, MOST, other.clock),
                Runnable::run);
        busy.locked = 2;
        assertThat(demands.find("a.test").toCompletableFuture()).isCompletedWithValueMatching(Optional::isPresent);
        assertThat(decisions).hasValue(1);
        assertThat(demands.find("b.test").toCompletableFuture()).isCompletedWithValueMatching(Optional::isPresent);
        assertThat(decisions).hasValue(2);
    }

    @Test
    void noMoreAreKeptThanAllowed() throws Exception {
        assertThat(demand(NAME)).isPresent();
        assertThat(demand(CertificateNames.of(DomainName.of("b.test")))).isPresent();
        assertThat(demand(CertificateNames.of(DomainName.of("c.test")))).isEmpty();
        assertThat(keepers.standing()).hasSize(2);
        house.pass(DAY.multipliedBy(40));
        isOurs.set(false);
        house.pass(DAY.multipliedBy(60));
        isOurs.set(true);
        assertThat(demand(CertificateNames.of(DomainName.of("c.test"))))
                .as("others are over")
                .isPresent();
    }
}
