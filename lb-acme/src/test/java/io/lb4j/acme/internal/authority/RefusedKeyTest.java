package io.lb4j.acme.internal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.acme.internal.archive.Archive;
import io.lb4j.acme.internal.archive.PendingOrder;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.KeyType;
import io.lb4j.acme.storage.AcmeStorages;
import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of an order whose key the authority refuses. */
final class RefusedKeyTest {
    private static final Origin HERE = Origin.setter("test", RefusedKeyTest.class::isAssignableFrom);

    private final Journal journal = new Journal();

    /** Remembers in memory. Confined to one thread. */
    private static final class Journal implements OrderJournal {
        private Optional<PendingOrder> order = Optional.empty();

        @Override
        public Optional<PendingOrder> pending() {
            return order;
        }

        @Override
        public void remember(PendingOrder remembered) {
            order = Optional.of(remembered);
        }

        @Override
        public void forget() {
            order = Optional.empty();
        }
    }

    private static Settings completed(Draft draft) {
        Faults faults = new Faults();
        Settings settings = draft.complete(Scope.root(faults, PartCatalog.of(List.of())));
        faults.throwIfAny();
        return settings;
    }

    private static AcmeAuthority authority(StubbornAuthority server) {
        Draft one = new Draft(AuthorityOptions.SECTION);
        one.setText(AuthorityOptions.DIRECTORY, server.directory(), HERE);
        Draft all = new Draft(AcmeOptions.SECTION);
        all.addText(AcmeOptions.DOMAINS, "a.test", HERE);
        all.set(AcmeOptions.AUTHORITIES, List.of(completed(one)), HERE);
        AcmeOptions options = new AcmeOptions(completed(all));
        return AcmeAuthority.of(options.authorities().get(0), options, new Archive(AcmeStorages.inMemory()));
    }

    private void expectRefusal(AcmeAuthority authority, String refusal) {
        OrderRequest request = new OrderRequest(
                CertificateNames.of(DomainName.of("a.test")),
                KeyType.EC256::generate,
                List.of(),
                journal,
                Optional.empty());
        assertThatThrownBy(() -> authority.obtain(request))
                .isInstanceOf(AcmeFailure.class)
                .hasMessageContaining(refusal);
    }

    @Test
    void isNotGoneOnWithSoThatAnotherKeyMayBeConfigured() {
        try (StubbornAuthority server = new StubbornAuthority("badCSR");
                AcmeAuthority authority = authority(server)) {
            expectRefusal(authority, "badCSR");
            assertThat(journal.order).isEmpty();
            expectRefusal(authority, "badCSR");
            assertThat(server.orders()).isEqualTo(2);
        }
    }

    @Test
    void isGoneOnWithWhereTheAuthorityItselfHasFailed() {
        try (StubbornAuthority server = new StubbornAuthority("serverInternal");
                AcmeAuthority authority = authority(server)) {
            expectRefusal(authority, "serverInternal");
            expectRefusal(authority, "serverInternal");
            assertThat(server.orders()).isEqualTo(1);
            assertThat(server.refusals()).isEqualTo(2);
        }
    }

    @Test
    void isNotForgottenWhereTheAuthorityCannotSayWhetherItKnowsIt() {
        try (StubbornAuthority server = new StubbornAuthority("serverInternal");
                AcmeAuthority authority = authority(server)) {
            expectRefusal(authority, "serverInternal");
            server.confuse();
            expectRefusal(authority, "serverInternal");
            assertThat(journal.order).isPresent();
            assertThat(server.orders()).isEqualTo(1);
        }
    }
}
