package io.lb4j.discovery.etcd;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.ProcessOptions;
import io.lb4j.spi.SharedStore;

/** Makes the shared store that a configuration calls {@code etcd}. */
public final class EtcdStoreFactory implements PartFactory<SharedStore> {
    /** Called by the service loader. */
    public EtcdStoreFactory() {}

    @Override
    public String kind() {
        return ProcessOptions.SHARED_STORE_KIND;
    }

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public Section section() {
        return EtcdOptions.STORE;
    }

    @Override
    public SharedStore create(Settings settings) {
        return new EtcdStore(EtcdConnection.open(settings), settings.value(EtcdOptions.STORE_PREFIX));
    }
}
