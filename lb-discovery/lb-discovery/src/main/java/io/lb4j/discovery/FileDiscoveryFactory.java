package io.lb4j.discovery;

import io.lb4j.config.Inspection;
import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.spi.Discovery;

/** Makes the discovery that a configuration calls {@code file}. */
public final class FileDiscoveryFactory implements PartFactory<Discovery> {
    /** Called by the service loader. */
    public FileDiscoveryFactory() {}

    @Override
    public String kind() {
        return DiscoveryPolicy.PROVIDER;
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public Section section() {
        return FileDiscovery.SECTION;
    }

    @Override
    public void inspect(Settings settings, Inspection inspection) {
        inspection.file(
                settings,
                FileDiscovery.PATH,
                "endpoints in JSON, or lines of host:port",
                file -> FileDiscovery.check(settings));
    }

    @Override
    public Discovery create(Settings settings) {
        return new FileDiscovery(settings);
    }
}
