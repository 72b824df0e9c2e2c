package io.lb4j.acme.internal.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.KeyType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of an order whose key the authority refuses. */
final class RefusedKeyTest {
    private final ScriptedAuthority.Journal journal = new ScriptedAuthority.Journal();

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
                AcmeAuthority authority = server.authority()) {
            expectRefusal(authority, "badCSR");
            assertThat(journal.order).isEmpty();
            expectRefusal(authority, "badCSR");
            assertThat(server.orders()).isEqualTo(2);
        }
    }

    @Test
    void isGoneOnWithWhereTheAuthorityItselfHasFailed() {
        try (StubbornAuthority server = new StubbornAuthority("serverInternal");
                AcmeAuthority authority = server.authority()) {
            expectRefusal(authority, "serverInternal");
            expectRefusal(authority, "serverInternal");
            assertThat(server.orders()).isEqualTo(1);
            assertThat(server.refusals()).isEqualTo(2);
        }
    }

    @Test
    void isNotForgottenWhereTheAuthorityCannotSayWhetherItKnowsIt() {
        try (StubbornAuthority server = new StubbornAuthority("serverInternal");
                AcmeAuthority authority = server.authority()) {
            expectRefusal(authority, "serverInternal");
            server.confuse();
            expectRefusal(authority, "serverInternal");
            assertThat(journal.order).isPresent();
            assertThat(server.orders()).isEqualTo(1);
        }
    }

    @Test
    void anAccountThatIsNoLongerValidIsToldOfWithWhatToDo() {
        try (StubbornAuthority server = new StubbornAuthority("unauthorized");
                AcmeAuthority authority = server.authority()) {
            expectRefusal(
                    authority,
                    "(expected: an account that is valid there; where it was deactivated, remove accounts/"
                            + authority.name() + " from the storage, and another is made)");
        }
    }
}
