package io.lb4j.discovery;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.spi.Discovery;

/** Makes the discovery that a configuration calls {@code http}. */
public final class HttpDiscoveryFactory implements PartFactory<Discovery> {
    /** Called by the service loader. */
    public HttpDiscoveryFactory() {}

    @Override
    public String kind() {
        return DiscoveryPolicy.PROVIDER;
    }

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Section section() {
        return HttpOptions.SECTION;
    }

    @Override
    public Discovery create(Settings settings) {
        return new HttpDiscovery(settings);
    }
}
