package io.lb4j.discovery.consul;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.ProcessOptions;
import io.lb4j.spi.SharedStore;

/** Makes the shared store that a configuration calls {@code consul}. */
public final class ConsulStoreFactory implements PartFactory<SharedStore> {
    /** Called by the service loader. */
    public ConsulStoreFactory() {}

    @Override
    public String kind() {
        return ProcessOptions.SHARED_STORE_KIND;
    }

    @Override
    public String name() {
        return "consul";
    }

    @Override
    public Section section() {
        return ConsulOptions.STORE;
    }

    @Override
    public SharedStore create(Settings settings) {
        return new ConsulStore(ConsulConnection.open(settings), settings);
    }
}
