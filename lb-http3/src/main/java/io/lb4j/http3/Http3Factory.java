package io.lb4j.http3;

import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.Listener;
import io.lb4j.spi.Transport;
import java.util.Optional;

/** Makes a listener's HTTP/3 of a configuration that names it: {@code transports: [h3: {max_idle_timeout: 1m}]}. Thread-safe. */
public final class Http3Factory implements PartFactory<Transport> {
    /** Creates the factory; for {@link java.util.ServiceLoader}. */
    public Http3Factory() {}

    @Override
    public String kind() {
        return Listener.TRANSPORT;
    }

    @Override
    public String name() {
        return Http3.NAME;
    }

    @Override
    public Section section() {
        return Http3Options.SECTION;
    }

    @Override
    public Optional<String> missing() {
        return NativeQuic.missing();
    }

    @Override
    public Transport create(Settings settings) {
        return new Http3(settings);
    }
}
