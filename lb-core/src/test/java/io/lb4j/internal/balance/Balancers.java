package io.lb4j.internal.balance;

import io.lb4j.exchange.UnreadExchange;
import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.BalancePolicy;
import io.lb4j.spi.Candidate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What tests of a balancer have in common: endpoints, picks, policies that do one thing. */
final class Balancers {
    static final Endpoint A = Endpoint.of("10.0.0.1", 80);
    static final Endpoint B = Endpoint.of("10.0.0.2", 80);
    static final Endpoint C = Endpoint.of("10.0.0.3", 80);
    static final Endpoint D = Endpoint.of("10.0.0.4", 80);

    private Balancers() {}

    static @Nullable EndpointState pick(ClusterBalancer from) {
        return from.generation().pick(UnreadExchange.INSTANCE, null);
    }

    static Set<EndpointState> picks(ClusterBalancer from) {
        Set<EndpointState> picked = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            EndpointState state = pick(from);
            if (state != null) {
                picked.add(state);
            }
        }
        return picked;
    }

    static BalancePolicy always(int index) {
        return policy("always", candidates -> exchange -> index);
    }

    static BalancePolicy lastOfAll() {
        return policy("last", candidates -> exchange -> candidates.size() - 1);
    }

    static BalancePolicy policy(String name, Function<List<Candidate>, BalancePolicy.Picker> maker) {
        return new BalancePolicy() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Picker picker(List<Candidate> candidates) {
                return maker.apply(candidates);
            }
        };
    }
}
