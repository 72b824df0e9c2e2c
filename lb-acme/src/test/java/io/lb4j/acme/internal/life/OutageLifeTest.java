package io.lb4j.acme.internal.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.acme.storage.AcmeStorage;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What becomes of certificates while something is away that they need, by a clock that only the test moves. */
final class OutageLifeTest {
    private static final Duration DAY = Duration.ofDays(1);

    /** A storage that can be away. Confined to one thread. */
    private static final class Remote implements AcmeStorage {
        private final AcmeStorage storage = AcmeStorages.inMemory();
        private boolean isAway;
        private boolean isShared;

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

        @Override
        public boolean isShared() {
            return isShared;
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
    void aSharedStoreThatIsAwayAtTheStartIsStartedWithoutAndUsedWhenItIsThere() {
        Remote remote = new Remote();
        remote.isShared = true;
        Household before = new Household(remote, draft -> {}, "a.test");
        before.begin(before.authority("ca"));
        Certificate obtained = before.shown("a.test");

        remote.isAway = true;
        Household house = new Household(remote, draft -> {}, "a.test");
        FakeAuthority authority = house.authority("ca");
        Keepers keepers = house.begin(authority);
        assertThat(house.shown("a.test").isSelfSigned()).isTrue();
        house.pass(Duration.ofMinutes(10));
        keepers.look();
        assertThat(authority.orders).isEmpty();

        remote.isAway = false;
        keepers.look();
        house.scheduler.runDue();
        assertThat(house.shown("a.test")).isEqualTo(obtained);
        assertThat(authority.orders).isEmpty();
    }

    @Test
    void aCopyServesFromTheStartOnWhileTheStoreIsAwayAndNeverInPlaceOfWhatCameLater() throws Exception {
        Remote remote = new Remote();
        remote.isShared = true;
        AcmeStorage disk = AcmeStorages.inMemory();
        AcmeStorage copied = AcmeStorages.copied(remote, disk);
        Household before = new Household(copied, draft -> {}, "a.test");
        FakeAuthority authority = before.authority("ca");
        Keepers keepers = before.begin(authority);
        keepers.look(); // it is read as whatever another instance has obtained
        Certificate first = before.shown("a.test");

        remote.isAway = true;
        AcmeStorage again = AcmeStorages.copied(remote, disk);
        Household house = new Household(again, draft -> {}, "a.test");
        FakeAuthority next = house.authority("ca");
        Keepers others = house.begin(next);
        assertThat(house.shown("a.test")).as("from the first handshake on").isEqualTo(first);
        house.pass(Duration.ofMinutes(10));
        assertThat(next.orders).isEmpty();

        remote.isAway = false;
        others.revoke("a.test", RevocationReason.SUPERSEDED);
        house.scheduler.runDue();
        Certificate second = house.shown("a.test");
        assertThat(second).isNotEqualTo(first);
        remote.isAway = true;
        house.pass(Duration.ofMinutes(10));
        others.look();
        assertThat(house.shown("a.test")).isEqualTo(second);
    }

    @Test
    void aSharedStoreThatIsAwayStopsAStartThatRequiresItThoughThereAreCopies() {
        Remote remote = new Remote();
        remote.isShared = true;
        AcmeStorage disk = AcmeStorages.inMemory();
        Consumer<Draft> required = draft -> draft.set(AcmeOptions.STORAGE_REQUIRED, true, Origin.byDefault());
        Household before = new Household(AcmeStorages.copied(remote, disk), required, "a.test");
        before.begin(before.authority("ca")).look();
        assertThat(before.shown("a.test").isSelfSigned()).isFalse();

        remote.isAway = true;
        Household house = new Household(AcmeStorages.copied(remote, disk), required, "a.test");
        FakeAuthority authority = house.authority("ca");
        assertThatThrownBy(() -> house.begin(authority))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("acme: storage_required: the storage cannot be asked: ");
    }

    @Test
    void aStorageOfThisMachineThatCannotBeReadStopsTheStart() {
        Remote disk = new Remote();
        disk.isAway = true;
        Household house = new Household(disk, draft -> {}, "a.test");
        FakeAuthority authority = house.authority("ca");
        assertThatThrownBy(() -> house.begin(authority))
                .hasMessage("a.test: the storage cannot be read: no route to the store");
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
