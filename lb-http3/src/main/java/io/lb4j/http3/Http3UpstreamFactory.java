package io.lb4j.http3;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.Cluster;
import io.lb4j.spi.UpstreamTransport;
import java.util.Optional;

/** Makes a cluster's HTTP/3 of a configuration that names it: {@code transports: [h3: {use: advertised}]}. Thread-safe. */
public final class Http3UpstreamFactory implements PartFactory<UpstreamTransport> {
    /** Creates the factory; for {@link java.util.ServiceLoader}. */
    public Http3UpstreamFactory() {}

    @Override
    public String kind() {
        return Cluster.UPSTREAM_TRANSPORT;
    }

    @Override
    public String name() {
        return Http3.NAME;
    }

    @Override
    public Section section() {
        return Http3UpstreamOptions.SECTION;
    }

    @Override
    public Optional<String> missing() {
        return NativeQuic.missing();
    }

    @Override
    public UpstreamTransport create(Settings settings) {
        return new Http3Upstream(settings);
    }
}
