package io.lb4j.internal.balance;

import static io.lb4j.internal.balance.Balancers.A;
import static io.lb4j.internal.balance.Balancers.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.exchange.UnreadExchange;
import io.lb4j.internal.snapshot.EndpointPicker;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.TriedEndpoints;
import io.lb4j.model.Endpoint;
import io.lb4j.model.Subset;
import io.lb4j.spi.BalancePolicies;
import io.lb4j.testkit.time.FakeClock;
import io.lb4j.testkit.time.FakeScheduler;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whom exchanges of a configuration that is past are sent to. */
class EndpointGenerationTest {
    private static final Endpoint FORMER = A.withMetadata(Map.of("version", "1"));
    private static final Endpoint PRESENT = B.withMetadata(Map.of("version", "1"));
    private static final Subset PART = new Subset(Map.of("version", "1"), false);

    private final FakeClock clock = FakeClock.create();
    private final ClusterBalancer balancer = new ClusterBalancer(
            "api", Balancing.of(BalancePolicies.roundRobin()), FakeScheduler.over(clock), clock::nanos);
    private final EndpointGeneration generation;
    private final EndpointPicker part;
    private final EndpointState former;

    EndpointGenerationTest() {
        balancer.update(List.of(FORMER));
        balancer.divide(Set.of(PART));
        generation = balancer.generation();
        part = Objects.requireNonNull(generation.subsets().get(PART));
        former = balancer.member(FORMER.address()).orElseThrow();
        balancer.beginGeneration();
    }

    private static @Nullable Endpoint pick(EndpointPicker among, @Nullable TriedEndpoints tried) {
        EndpointState picked = among.pick(UnreadExchange.INSTANCE, tried);
        return picked == null ? null : picked.endpoint();
    }

    private TriedEndpoints tried() {
        TriedEndpoints tried = new TriedEndpoints();
        tried.add(former);
        return tried;
    }

    @Test
    void aFirstTryGoesToAnEndpointOfTheConfigurationThatItBeganWith() {
        balancer.update(List.of(PRESENT));
        assertThat(pick(generation, null)).isEqualTo(FORMER);
        assertThat(pick(part, null)).isEqualTo(FORMER);
        assertThat(pick(balancer.generation(), null)).isEqualTo(PRESENT);
    }

    @Test
    void anotherTryGoesToAnEndpointThatIsThereAtPresentWhereNoneOfTheFormerStays() {
        balancer.update(List.of(PRESENT));
        assertThat(pick(generation, tried())).isEqualTo(PRESENT);
        assertThat(pick(part, tried())).isEqualTo(PRESENT);
    }

    @Test
    void anotherTryGoesToTheFormerEndpointWhereItStaysOrNobodyElseIsThere() {
        assertThat(pick(generation, tried())).isEqualTo(FORMER);
        balancer.update(List.of());
        assertThat(pick(generation, tried())).isEqualTo(FORMER);
        assertThat(pick(part, tried())).isEqualTo(FORMER);
    }
}
