package io.lb4j.discovery;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DnsDiscovery;

/** Makes the discovery that a configuration calls {@code dns}: {@link DnsDiscovery#services}. */
public final class DnsServicesFactory implements PartFactory<Discovery> {
    private static final Option<String> SERVICE = Option.of(
                    "service",
                    OptionTypes.string("a name such as _http._tcp.example.com"),
                    "The name whose SRV records (RFC 2782) name the endpoints.")
            .required()
            .build();

    private static final Section SECTION = Section.of(
                    "dns", "Endpoints from SRV records, asked for as process.dns says.")
            .options(SERVICE)
            .build();

    /** Called by the service loader. */
    public DnsServicesFactory() {}

    @Override
    public String kind() {
        return DiscoveryPolicy.PROVIDER;
    }

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public Section section() {
        return SECTION;
    }

    @Override
    public Discovery create(Settings settings) {
        return DnsDiscovery.services(settings.value(SERVICE));
    }
}
