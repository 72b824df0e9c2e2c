package io.lb4j.discovery.etcd;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.spi.Discovery;

/** Makes the discovery that a configuration calls {@code etcd}. */
public final class EtcdDiscoveryFactory implements PartFactory<Discovery> {
    /** Called by the service loader. */
    public EtcdDiscoveryFactory() {}

    @Override
    public String kind() {
        return DiscoveryPolicy.PROVIDER;
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public Section section() {
        return EtcdOptions.DISCOVERY;
    }

    @Override
    public Discovery create(Settings settings) {
        return new EtcdDiscovery(settings);
    }
}
