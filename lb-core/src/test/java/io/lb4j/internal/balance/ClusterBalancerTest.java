package io.lb4j.internal.balance;

import static io.lb4j.internal.balance.Balancers.A;
import static io.lb4j.internal.balance.Balancers.B;
import static io.lb4j.internal.balance.Balancers.C;
import static io.lb4j.internal.balance.Balancers.D;
import static io.lb4j.internal.balance.Balancers.always;
import static io.lb4j.internal.balance.Balancers.lastOfAll;
import static io.lb4j.internal.balance.Balancers.pick;
import static io.lb4j.internal.balance.Balancers.picks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.exchange.UnreadExchange;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Health;
import io.lb4j.internal.snapshot.TriedEndpoints;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.BalancePolicies;
import io.lb4j.spi.BalancePolicy;
import io.lb4j.spi.Candidate;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ClusterBalancerTest {
    private final FakeClock clock = FakeClock.create();
    private final FakeScheduler control = FakeScheduler.over(clock);
    private final List<String> events = new ArrayList<>();
    private final ClusterBalancer balancer = balancer(Balancing.of(BalancePolicies.roundRobin()));

    private ClusterBalancer balancer(Balancing balancing) {
        ClusterBalancer created = new ClusterBalancer("api", balancing, control, clock::nanos);
        created.addListener(new ClusterBalancer.Listener() {
            @Override
            public void onMembers(ClusterBalancer.Change change) {
                events.add("+" + change.added() + " -" + change.removed());
            }

            @Override
            public void onUsable(List<EndpointState> usable, boolean panicking) {
                events.add("usable " + usable + (panicking ? " panic" : ""));
            }
        });
        return created;
    }

    private EndpointState member(Endpoint endpoint) {
        return balancer.member(endpoint.address()).orElseThrow();
    }

    @Test
    void picksNothingWithoutMembers() {
        assertThat(pick(balancer)).isNull();
    }

    @Test
    void picksAmongItsMembers() {
        balancer.update(List.of(A, B, C));

        assertThat(picks(balancer)).containsExactlyInAnyOrder(member(A), member(B), member(C));
    }

    @Test
    void keepsTheStateOfAnAddressThatStays() {
        balancer.update(List.of(A, B));
        EndpointState before = member(A);
        before.begin();

        balancer.update(List.of(C, A.withWeight(7)));

        assertThat(member(A)).isSameAs(before);
        assertThat(before.inFlight()).isEqualTo(1);
        assertThat(before.weight()).isEqualTo(7);
    }

    @Test
    void saysWhatAnUpdateHasChanged() {
        balancer.update(List.of(A, B));
        EndpointState leaving = member(B);

        ClusterBalancer.Change change = balancer.update(List.of(A, C));

        assertThat(change.added()).containsExactly(member(C));
        assertThat(change.removed()).containsExactly(leaving);
        assertThat(leaving.standing().isDraining()).isTrue();
        assertThat(picks(balancer)).containsExactlyInAnyOrder(member(A), member(C));
    }

    @Test
    void givesAnAddressThatComesBackANewState() {
        balancer.update(List.of(A, B));
        EndpointState before = member(B);
        balancer.update(List.of(A));

        balancer.update(List.of(A, B));

        assertThat(member(B)).isNotSameAs(before);
    }

    @Test
    void takesTheFirstOfSeveralEndpointsWithOneAddress() {
        balancer.update(List.of(A.withWeight(5), A.withWeight(6)));

        assertThat(balancer.members()).hasSize(1);
        assertThat(member(A).weight()).isEqualTo(5);
    }

    @Test
    void givesAnAddressThatIsKnownByAnotherNameANewState() {
        Endpoint renamed = new Endpoint(A.host(), A.port(), A.weight(), A.metadata(), "other.test");
        balancer.update(List.of(A, B));
        EndpointState before = member(A);

        ClusterBalancer.Change change = balancer.update(List.of(renamed, A, B));

        assertThat(change.removed()).containsExactly(before);
        assertThat(change.added()).containsExactly(member(A)).isNotEqualTo(List.of(before));
        assertThat(member(A).endpoint().name()).isEqualTo("other.test");
        assertThat(before.standing().isLeaving()).isTrue();
        assertThat(balancer.members()).containsExactly(member(B), member(A));
    }

    @Test
    void makesOnePublicationOfManyChanges() {
        balancer.update(List.of(A, B, C, D));
        events.clear();

        member(A).health(Health.UNHEALTHY);
        member(B).health(Health.UNHEALTHY);
        assertThat(balancer.usable()).hasSize(4);
        control.runDue();

        assertThat(events).containsExactly("usable [10.0.0.3:80, 10.0.0.4:80]");
    }

    @Test
    void tellsListenersOfMembersAndOfWhatIsUsed() {
        balancer.update(List.of(A, B));
        balancer.update(List.of(B));

        assertThat(events)
                .containsExactly(
                        "usable [10.0.0.1:80, 10.0.0.2:80]",
                        "+[10.0.0.1:80, 10.0.0.2:80] -[]",
                        "usable [10.0.0.2:80]",
                        "+[] -[10.0.0.1:80]");
    }

    @Test
    void saysNothingWhenNothingHasChanged() {
        balancer.update(List.of(A, B));
        events.clear();

        balancer.update(List.of(B, A));
        member(A).health(Health.HEALTHY);
        control.runDue();

        assertThat(events).isEmpty();
    }

    @Test
    void keepsItsPlaceInTheRoundWhenThoseInUseStayTheSame() {
        balancer.update(List.of(A, B));
        EndpointState first = pick(balancer);

        member(A).health(Health.HEALTHY);
        control.runDue();

        assertThat(pick(balancer)).isNotSameAs(first);
    }

    @Test
    void retriesWhereItWasNotTried() {
        balancer.update(List.of(A, B, C));
        TriedEndpoints tried = new TriedEndpoints();
        tried.add(member(A));
        tried.add(member(C));

        for (int i = 0; i < 100; i++) {
            assertThat(balancer.generation().pick(UnreadExchange.INSTANCE, tried))
                    .isSameAs(member(B));
        }
    }

    @Test
    void retriesElsewhereEvenIfThePolicyInsists() {
        ClusterBalancer stubborn = balancer(Balancing.of(always(0)));
        stubborn.update(List.of(A, B));
        TriedEndpoints tried = new TriedEndpoints();
        tried.add(stubborn.member(A.address()).orElseThrow());

        assertThat(stubborn.generation().pick(UnreadExchange.INSTANCE, tried))
                .isSameAs(stubborn.member(B.address()).orElseThrow());
    }

    @Test
    void retriesAnywhereOnceAllWereTried() {
        balancer.update(List.of(A, B));
        TriedEndpoints tried = new TriedEndpoints();
        tried.add(member(A));
        tried.add(member(B));

        assertThat(balancer.generation().pick(UnreadExchange.INSTANCE, tried)).isIn(member(A), member(B));
    }

    @Test
    void namesThePolicyThatPicksWhatIsNotThere() {
        ClusterBalancer faulty = balancer(Balancing.of(always(2)));
        faulty.update(List.of(A, B));

        assertThatThrownBy(() -> pick(faulty))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("pick of policy always: 2 (expected: 0..1)");
    }

    @Test
    void goesOnWithTheLastPickerWhenThePolicyFails() {
        AtomicBoolean failing = new AtomicBoolean();
        ClusterBalancer shaken = balancer(Balancing.of(new BalancePolicy() {
            @Override
            public String name() {
                return "shaken";
            }

            @Override
            public Picker picker(List<Candidate> candidates) {
                if (failing.get()) {
                    throw new IllegalStateException("on purpose");
                }
                return exchange -> 0;
            }
        }));
        shaken.update(List.of(A, B));
        failing.set(true);

        shaken.update(List.of(A, B, C));

        assertThat(pick(shaken)).isSameAs(shaken.member(A.address()).orElseThrow());
    }

    @Test
    void takesOverAnotherPolicyAndKeepsStates() {
        balancer.update(List.of(A, B));
        EndpointState before = member(B);

        balancer.configure(Balancing.of(always(1)));

        assertThat(picks(balancer)).containsExactly(before);
    }

    @Test
    void neverShowsHalfAChange() throws Exception {
        // The policy remembers how many candidates it was given: a pick beyond the members it is used with would fail.
        ClusterBalancer changing = balancer(Balancing.of(lastOfAll()));
        changing.update(List.of(A));
        ExecutorService loop = Executors.newSingleThreadExecutor();
        try {
            AtomicBoolean over = new AtomicBoolean();
            Future<Integer> picking = loop.submit(() -> {
                int picks = 0;
                while (!over.get()) {
                    if (pick(changing) != null) {
                        picks++;
                    }
                }
                return picks;
            });
            for (int i = 0; i < 2000; i++) {
                changing.update(List.of(A, B, C, D));
                changing.update(List.of(B));
                control.runDue();
            }
            over.set(true);
            assertThat(picking.get(60, TimeUnit.SECONDS)).isPositive();
        } finally {
            loop.shutdownNow();
        }
    }
}
