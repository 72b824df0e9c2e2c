package io.lb4j.discovery.kubernetes;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.ProcessOptions;
import io.lb4j.spi.SharedStore;

/** Makes the shared store that a configuration calls {@code kubernetes}. */
public final class KubernetesStoreFactory implements PartFactory<SharedStore> {
    /** Called by the service loader. */
    public KubernetesStoreFactory() {}

    @Override
    public String kind() {
        return ProcessOptions.SHARED_STORE_KIND;
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public Section section() {
        return KubernetesOptions.STORE;
    }

    @Override
    public SharedStore create(Settings settings) {
        return new KubernetesStore(settings);
    }
}
