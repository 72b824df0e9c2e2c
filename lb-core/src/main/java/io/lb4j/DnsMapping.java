package io.lb4j;

import io.lb4j.dns.AddressGuard;
import io.lb4j.dns.DnsSettings;
import io.lb4j.model.DnsOptions;

/** Says in the terms of the DNS client what a configuration says of it. */
final class DnsMapping {
    private DnsMapping() {}

    static DnsSettings settings(DnsOptions asked) {
        DnsSettings.Search ofSystem = DnsSettings.Search.ofSystem();
        return new DnsSettings(
                asked.servers(),
                DnsSettings.Families.valueOf(asked.families().name()),
                asked.search()
                        .map(domains -> new DnsSettings.Search(domains, ofSystem.dots()))
                        .orElse(ofSystem),
                new DnsSettings.Times(asked.timeout(), asked.minTtl(), asked.maxTtl()),
                new AddressGuard(asked.allow()));
    }
}
