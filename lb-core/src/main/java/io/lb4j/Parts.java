package io.lb4j;

import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.Cluster;
import io.lb4j.spi.BalancePolicies;
import io.lb4j.spi.BalancePolicy;
import java.util.ArrayList;
import java.util.List;

/** The parts of a configuration that are code: those that are built in, and those that modules bring. */
public final class Parts {
    private Parts() {}

    /** A balancing policy that needs no settings. */
    private record PolicyFactory(String name, BalancePolicy policy) implements PartFactory<BalancePolicy> {
        private static final Section NO_OPTIONS = Section.of("balance_policy", "A balancing policy without settings.")
                .build();

        @Override
        public String kind() {
            return Cluster.BALANCE_POLICY;
        }

        @Override
        public Section section() {
            return NO_OPTIONS;
        }

        @Override
        public BalancePolicy create(Settings settings) {
            return policy;
        }
    }

    /** Returns all that a configuration may name in this process. */
    public static PartCatalog catalog() {
        List<PartFactory<?>> builtIn = new ArrayList<>();
        BalancePolicies.byName().forEach((name, policy) -> builtIn.add(new PolicyFactory(name, policy)));
        return PartCatalog.of(builtIn).and(PartCatalog.installed());
    }
}
