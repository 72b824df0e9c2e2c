package io.lb4j.internal.balance;

import static io.lb4j.internal.balance.Balancers.A;
import static io.lb4j.internal.balance.Balancers.B;
import static io.lb4j.internal.balance.Balancers.C;
import static io.lb4j.internal.balance.Balancers.D;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.exchange.UnreadExchange;
import io.lb4j.internal.snapshot.EndpointPicker;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Health;
import io.lb4j.model.Endpoint;
import io.lb4j.model.Subset;
import io.lb4j.spi.BalancePolicies;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SubsetSelectionTest {
    private static final Endpoint A1 = A.withMetadata(Map.of("version", "1"));
    private static final Endpoint B2 = B.withMetadata(Map.of("version", "2", "tags", "canary, eu"));
    private static final Endpoint C2 = C.withMetadata(Map.of("version", "2"));

    private static final Subset TWO = new Subset(Map.of("version", "2"), true);
    private static final Subset ONLY_TWO = new Subset(Map.of("version", "2"), false);
    private static final Subset CANARY = new Subset(Map.of("tags", "canary"), true);

    private final FakeClock clock = FakeClock.create();
    private final FakeScheduler control = FakeScheduler.over(clock);
    private final ClusterBalancer balancer =
            new ClusterBalancer("api", Balancing.of(BalancePolicies.roundRobin()), control, clock::nanos);

    SubsetSelectionTest() {
        balancer.update(List.of(A1, B2, C2));
        balancer.divide(Set.of(TWO, ONLY_TWO, CANARY));
    }

    private Set<String> picks(Subset subset) {
        EndpointPicker picker =
                Objects.requireNonNull(balancer.generation().subsets().get(subset));
        Set<String> picked = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            EndpointState state = picker.pick(UnreadExchange.INSTANCE, null);
            picked.add(state == null ? "none" : state.endpoint().host());
        }
        return picked;
    }

    private void fail(Endpoint... endpoints) {
        for (Endpoint endpoint : endpoints) {
            balancer.member(endpoint.address()).orElseThrow().health(Health.UNHEALTHY);
        }
        control.runDue();
    }

    @Test
    void picksAmongThoseThatHaveTheMetadata() {
        assertThat(picks(TWO)).containsExactly(B.host(), C.host());
        assertThat(picks(CANARY)).containsExactly(B.host());
    }

    @Test
    void followsMembersAsTheyComeAndChange() {
        balancer.update(List.of(A1, B2, C2.withMetadata(Map.of()), D.withMetadata(Map.of("version", "2"))));

        assertThat(picks(TWO)).containsExactly(B.host(), D.host());
    }

    @Test
    void leavesOutWhoIsUnwell() {
        fail(B2);

        assertThat(picks(TWO)).containsExactly(C.host());
    }

    @Test
    void turnsToTheOthersWhereNobodyIsWell() {
        fail(B2, C2);

        assertThat(picks(TWO)).contains(A.host()); // the whole cluster, which is in panic: one of three is well
        assertThat(picks(ONLY_TWO)).containsExactly(B.host(), C.host()); // panic within the subset
    }

    @Test
    void turnsToTheOthersWhereNobodyIsThere() {
        balancer.update(List.of(A1));

        assertThat(picks(TWO)).containsExactly(A.host());
        assertThat(picks(ONLY_TWO)).containsExactly("none");
    }

    @Test
    void keepsItsPlaceInTheRoundWhenAnotherPartChanges() {
        EndpointPicker picker =
                Objects.requireNonNull(balancer.generation().subsets().get(TWO));
        EndpointState first = picker.pick(UnreadExchange.INSTANCE, null);
        balancer.update(List.of(A1.withWeight(7), B2, C2));

        assertThat(picker.pick(UnreadExchange.INSTANCE, null)).isNotSameAs(first);
    }

    @Test
    void tellsAnEndpointThatIsKnownByAnotherNameFromTheOneBefore() {
        EndpointState before = balancer.member(A.address()).orElseThrow();
        ClusterBalancer.Change change =
                balancer.update(List.of(new Endpoint(A.host(), A.port(), A.weight(), Map.of(), "other.test"), B2, C2));

        assertThat(change.removed()).containsExactly(before);
        assertThat(change.added()).hasSize(1);
        assertThat(balancer.member(A.address()).orElseThrow()).isNotSameAs(before);
    }
}
