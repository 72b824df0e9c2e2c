package io.lb4j.acme;

import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.Configuration;

/** Makes {@link Acme} of a configuration that names it: {@code acme: {email: …, domains: […]}}. */
public final class AcmeFactory implements PartFactory<Acme> {
    /** Called by the service loader. */
    public AcmeFactory() {}

    @Override
    public String kind() {
        return Configuration.ACME_KIND;
    }

    @Override
    public String name() {
        return "acme";
    }

    @Override
    public Section section() {
        return AcmeOptions.SECTION;
    }

    @Override
    public Acme create(Settings settings) {
        return Acme.of(settings);
    }
}
