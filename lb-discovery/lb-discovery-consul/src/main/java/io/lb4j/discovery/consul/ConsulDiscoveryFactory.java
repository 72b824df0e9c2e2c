package io.lb4j.discovery.consul;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.spi.Discovery;

/** Makes the discovery that a configuration calls {@code consul}. */
public final class ConsulDiscoveryFactory implements PartFactory<Discovery> {
    /** Called by the service loader. */
    public ConsulDiscoveryFactory() {}

    @Override
    public String kind() {
        return DiscoveryPolicy.PROVIDER;
    }

    @Override
    public String name() {
        return "consul";
    }

    @Override
    public Section section() {
        return ConsulOptions.DISCOVERY;
    }

    @Override
    public Discovery create(Settings settings) {
        return new ConsulDiscovery(settings);
    }
}
