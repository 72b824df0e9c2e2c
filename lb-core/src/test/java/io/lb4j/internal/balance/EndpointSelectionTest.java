package io.lb4j.internal.balance;

import static io.lb4j.internal.balance.Balancers.A;
import static io.lb4j.internal.balance.Balancers.B;
import static io.lb4j.internal.balance.Balancers.C;
import static io.lb4j.internal.balance.Balancers.D;
import static io.lb4j.internal.balance.Balancers.pick;
import static io.lb4j.internal.balance.Balancers.picks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Health;
import io.lb4j.internal.snapshot.Orders;
import io.lb4j.internal.snapshot.SlowStart;
import io.lb4j.internal.snapshot.Tuning;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.BalancePolicies;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointSelectionTest {

    private final FakeClock clock = FakeClock.create();
    private final FakeScheduler control = FakeScheduler.over(clock);
    private final ClusterBalancer balancer = balancer(Balancing.of(BalancePolicies.roundRobin()));

    private ClusterBalancer balancer(Balancing balancing) {
        return new ClusterBalancer("api", balancing, control, clock::nanos);
    }

    private EndpointState member(Endpoint endpoint) {
        return balancer.member(endpoint.address()).orElseThrow();
    }

    @Test
    void leavesOutWhatActiveChecksFail() {
        balancer.update(List.of(A, B, C));

        member(B).health(Health.UNHEALTHY);
        control.runDue();

        assertThat(picks(balancer)).containsExactlyInAnyOrder(member(A), member(C));
    }

    @Test
    void leavesOutWhatIsEjected() {
        balancer.update(List.of(A, B, C));

        member(B).eject(clock.nanos() + 1);
        control.runDue();

        assertThat(balancer.usable()).containsExactly(member(A), member(C));
    }

    @Test
    void leavesOutWhatTheOperatorDrains() {
        balancer.update(List.of(A, B));

        member(B).order(Orders.NONE.withDraining(true));
        control.runDue();
        assertThat(balancer.usable()).containsExactly(member(A));

        member(B).order(Orders.NONE);
        control.runDue();
        assertThat(balancer.usable()).containsExactly(member(A), member(B));
    }

    @Test
    void leavesOutWhatHasNoWeight() {
        balancer.update(List.of(A, B.withWeight(0)));

        assertThat(balancer.usable()).containsExactly(member(A));
    }

    @Test
    void usesAllWhenTooFewAreHealthy() {
        balancer.update(List.of(A, B, C));
        member(A).health(Health.UNHEALTHY);
        member(B).eject(clock.nanos() + 1);

        control.runDue();

        assertThat(balancer.isPanicking()).isTrue();
        assertThat(picks(balancer)).hasSize(3);
        assertThat(balancer.panicPicks()).isEqualTo(1000);
    }

    @Test
    void doesNotPanicAtTheThresholdItself() {
        balancer.update(List.of(A, B));
        member(A).health(Health.UNHEALTHY);

        control.runDue();

        assertThat(balancer.isPanicking()).isFalse();
        assertThat(balancer.usable()).containsExactly(member(B));
    }

    @Test
    void heedsTheOperatorEvenInPanic() {
        balancer.update(List.of(A, B, C));
        member(A).health(Health.UNHEALTHY);
        member(B).health(Health.UNHEALTHY);
        member(C).order(Orders.NONE.withDraining(true));

        control.runDue();

        assertThat(balancer.usable()).containsExactly(member(A), member(B));
    }

    @Test
    void endsThePanicWhenEnoughAreHealthyAgain() {
        balancer.update(List.of(A, B, C));
        member(A).health(Health.UNHEALTHY);
        member(B).health(Health.UNHEALTHY);
        control.runDue();

        member(A).health(Health.HEALTHY);
        control.runDue();

        assertThat(balancer.isPanicking()).isFalse();
        assertThat(balancer.usable()).containsExactly(member(A), member(C));
        assertThat(picks(balancer)).doesNotContain(member(B));
        assertThat(balancer.panicPicks()).isZero();
    }

    @Test
    void picksNothingWhenAllAreUnhealthyAndPanicIsOff() {
        ClusterBalancer strict = balancer(new Balancing(BalancePolicies.random(), 0, true, Tuning.DEFAULT));
        strict.update(List.of(A));
        strict.member(A.address()).orElseThrow().health(Health.UNHEALTHY);

        control.runDue();

        assertThat(pick(strict)).isNull();
        assertThat(strict.isPanicking()).isFalse();
    }

    private static Endpoint later(Endpoint endpoint, String priority) {
        return endpoint.withMetadata(Map.of("priority", priority));
    }

    @Test
    void usesALaterPriorityWhileTooFewOfTheFirstAreWell() {
        balancer.update(List.of(A, B, later(C, "1"), later(D, "2")));
        assertThat(balancer.usable()).containsExactly(member(A), member(B));

        member(A).health(Health.UNHEALTHY);
        control.runDue();
        assertThat(balancer.usable()).as("half of them are enough").containsExactly(member(B));

        member(B).eject(clock.nanos() + 1);
        control.runDue();
        assertThat(balancer.usable()).containsExactly(member(C));
        assertThat(balancer.isPanicking()).isFalse();

        member(C).order(Orders.NONE.withDraining(true));
        control.runDue();
        assertThat(balancer.usable()).containsExactly(member(D));

        member(A).health(Health.HEALTHY);
        control.runDue();
        assertThat(balancer.usable()).containsExactly(member(A));
    }

    @Test
    void panicsInTheFirstPriorityWhenNoneIsWell() {
        balancer.update(List.of(A, B, later(C, "1")));
        for (Endpoint endpoint : List.of(A, B, C)) {
            member(endpoint).health(Health.UNHEALTHY);
        }
        control.runDue();

        assertThat(balancer.isPanicking()).isTrue();
        assertThat(balancer.usable()).containsExactly(member(A), member(B));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "high", "65536", "1000000", "1.5", "+1"})
    void takesNoSuchNumberForTheFirstPriority(String priority) {
        balancer.update(List.of(A, later(B, priority)));
        assertThat(balancer.usable()).containsExactly(member(A), member(B));
    }

    @Test
    void waitsForTheFirstCheckWhereItIsToldTo() {
        ClusterBalancer waiting = balancer(new Balancing(BalancePolicies.random(), 0.5, false, Tuning.DEFAULT));
        waiting.update(List.of(A, B, C));
        assertThat(pick(waiting)).isNull();

        waiting.member(A.address()).orElseThrow().health(Health.HEALTHY);
        control.runDue();

        assertThat(waiting.usable()).extracting(EndpointState::endpoint).containsExactly(A);
        assertThat(waiting.isPanicking()).isFalse();
    }

    @Test
    void warmsUpWhatJoinsOthersStepByStep() {
        Tuning tuning = new Tuning(Duration.ofSeconds(10), SlowStart.over(Duration.ofSeconds(60)));
        ClusterBalancer warming = balancer(new Balancing(BalancePolicies.random(), 0.5, true, tuning));
        warming.update(List.of(A));
        warming.update(List.of(A, B));
        EndpointState joining = warming.member(B.address()).orElseThrow();

        assertThat(shareOf(joining, warming)).isCloseTo(0.1 / 1.1, within(0.02));
        clock.advance(Duration.ofSeconds(31));
        assertThat(shareOf(joining, warming)).isCloseTo(0.5 / 1.5, within(0.02));
        clock.advance(Duration.ofSeconds(31));
        assertThat(shareOf(joining, warming)).isCloseTo(0.5, within(0.02));
        assertThat(control.pendingTasks()).isZero();
    }

    private static double shareOf(EndpointState state, ClusterBalancer balancer) {
        int picks = 0;
        for (int i = 0; i < 20_000; i++) {
            if (pick(balancer) == state) {
                picks++;
            }
        }
        return picks / 20_000.0;
    }

    @Test
    void takesTheFirstMembersForWarm() {
        Tuning tuning = new Tuning(Duration.ofSeconds(10), SlowStart.over(Duration.ofSeconds(60)));
        ClusterBalancer starting = balancer(new Balancing(BalancePolicies.random(), 0.5, true, tuning));

        starting.update(List.of(A, B));

        assertThat(starting.members())
                .allSatisfy(state -> assertThat(state.weight()).isEqualTo(100));
    }

    @Test
    void leavesNoTaskBehindWhenItCloses() {
        Tuning tuning = new Tuning(Duration.ofSeconds(10), SlowStart.over(Duration.ofSeconds(60)));
        ClusterBalancer closing = balancer(new Balancing(BalancePolicies.random(), 0.5, true, tuning));
        closing.update(List.of(A));
        closing.update(List.of(A, B));
        control.runDue();

        closing.close();
        closing.members().forEach(state -> state.health(Health.UNHEALTHY));

        assertThat(control.pendingTasks()).isZero();
    }
}
