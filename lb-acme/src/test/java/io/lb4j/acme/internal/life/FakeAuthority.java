package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.RenewalWindow;
import io.lb4j.acme.internal.authority.Authority;
import io.lb4j.acme.internal.authority.OrderRequest;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.spi.Certificate;
import io.lb4j.testkit.tls.LeafSpec;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An authority that issues at once, by the clock of the test, and fails when it is told to. Confined to one thread. */
class FakeAuthority implements Authority {
    final List<Instant> orders = new ArrayList<>();
    final List<OrderRequest> requests = new ArrayList<>();
    final List<RevocationReason> revocations = new ArrayList<>();
    final List<Instant> asked = new ArrayList<>();
    private final TestCertificates authority = TestCertificates.create();
    private final String name;
    private final Clock clock;
    Duration lifetime = Duration.ofDays(90);
    Optional<AcmeFailure> failure = Optional.empty();
    Optional<RenewalWindow> window = Optional.empty();
    Optional<Authority> rehearsal = Optional.empty();

    FakeAuthority(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
    }

    void refuse(AcmeFailure.Kind kind) {
        failure = Optional.of(new AcmeFailure(kind, name + " refuses", AcmeFailure.Details.NONE));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Certificate obtain(OrderRequest request) throws AcmeFailure {
        orders.add(clock.instant());
        requests.add(request);
        if (failure.isPresent()) {
            throw failure.get();
        }
        Instant now = clock.instant();
        TestCertificate made = authority.issue(LeafSpec.named("from " + name)
                .names(request.names().names().stream().map(DomainName::text).toArray(String[]::new))
                .validity(now, now.plus(lifetime)));
        return new Certificate(made.key(), made.chain());
    }

    @Override
    public Optional<RenewalWindow> renewalWindow(Certificate certificate) {
        asked.add(clock.instant());
        return window;
    }

    @Override
    public void revoke(Certificate certificate, RevocationReason reason) {
        revocations.add(reason);
    }

    @Override
    public boolean changeAccountKey() {
        return false;
    }

    @Override
    public Optional<Authority> rehearsal() {
        return rehearsal;
    }

    @Override
    public void close() {
        orders.clear();
    }
}
