package io.lb4j.acme.internal.life;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of certificates while something is away that they need, by a clock that only the test moves. */
final class OutageLifeTest {
    private static final Duration DAY = Duration.ofDays(1);

    /** A storage that can be away. Confined to one thread. */
    private static final class Remote implements AcmeStorage {
        private final AcmeStorage storage = AcmeStorages.inMemory();
        private boolean isAway;

        private AcmeStorage reached() throws IOException {
            if (isAway) {
                throw new IOException("no route to the store");
            }
            return storage;
        }

        @Override
        public Optional<byte[]> read(String key) throws IOException {
            return reached().read(key);
        }

        @Override
        public void write(String key, byte[] value) throws IOException {
            reached().write(key, value);
        }

        @Override
        public boolean remove(String key) throws IOException {
            return reached().remove(key);
        }

        @Override
        public List<String> keys(String prefix) throws IOException {
            return reached().keys(prefix);
        }

        @Override
        public Optional<Hold> tryLock(String name, Duration timeToLive) throws IOException {
            return reached().tryLock(name, timeToLive);
        }
    }

    @Test
    void aStoreThatIsAwayIsNoReasonToOrderAndOneThatIsBackIsUsedAtOnce() {
        Remote remote = new Remote();
        Household house = new Household(remote, draft -> {}, "a.test");
        FakeAuthority authority = house.authority("ca");
        Keepers keepers = house.begin(authority);
        Certificate first = house.shown("a.test");

        house.pass(DAY.multipliedBy(58));
        remote.isAway = true;
        keepers.look();
        house.pass(DAY.multipliedBy(20));
        assertThat(house.shown("a.test")).isEqualTo(first);
        assertThat(authority.orders).hasSize(1);
        assertThat(house.reports).anySatisfy(report -> assertThat(report).contains("no route to the store"));

        remote.isAway = false;
        keepers.look();
        house.scheduler.runDue();
        assertThat(authority.orders).hasSize(2);
        assertThat(house.shown("a.test")).isNotEqualTo(first);
    }

    @Test
    void aCertificateThatComesNearItsEndIsToldOfOnce() {
        Household house = new Household("a.test");
        FakeAuthority authority = house.authority("ca");
        house.begin(authority);
        authority.refuse(AcmeFailure.Kind.REFUSED);
        house.pass(DAY.multipliedBy(85));
        assertThat(house.reports).noneMatch(report -> report.startsWith("certificate_expiring"));
        house.pass(DAY.multipliedBy(4));
        assertThat(house.reports.stream()
                        .filter(report -> report.startsWith("certificate_expiring"))
                        .toList())
                .singleElement()
                .asString()
                .contains("a.test: it ends at 2026-04-01", "failures to renew it; the last one: ca refuses");
    }
}
