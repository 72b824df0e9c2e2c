package io.lb4j.discovery.kubernetes;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.spi.Discovery;

/** Makes the discovery that a configuration calls {@code kubernetes}. */
public final class KubernetesDiscoveryFactory implements PartFactory<Discovery> {
    /** Called by the service loader. */
    public KubernetesDiscoveryFactory() {}

    @Override
    public String kind() {
        return DiscoveryPolicy.PROVIDER;
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public Section section() {
        return KubernetesOptions.DISCOVERY;
    }

    @Override
    public Discovery create(Settings settings) {
        return new KubernetesDiscovery(settings);
    }
}
