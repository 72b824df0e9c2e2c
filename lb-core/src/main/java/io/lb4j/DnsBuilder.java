package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.DnsOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** How the names of endpoints are resolved. */
public final class DnsBuilder extends SectionBuilder<DnsBuilder> {
    DnsBuilder(Draft draft) {
        super(draft);
    }

    @Override
    DnsBuilder self() {
        return this;
    }

    /** Adds a server to ask, after those before it. Default: those of the system. */
    public DnsBuilder server(InetSocketAddress server) {
        return add(DnsOptions.SERVERS, server, "server");
    }

    /** Adds servers by address, {@code 10.0.0.2} or {@code 10.0.0.2:5353}. Default: those of the system. */
    public DnsBuilder servers(String... addresses) {
        return addTexts(DnsOptions.SERVERS, List.of(addresses), "servers");
    }

    /** Sets which addresses of a name are used. Default: both families. */
    public DnsBuilder families(DnsOptions.Families families) {
        return set(DnsOptions.FAMILIES, families, "families");
    }

    /** Adds domains that complete names. Default: those of the system. */
    public DnsBuilder search(String... domains) {
        return addTexts(DnsOptions.SEARCH, List.of(domains), "search");
    }

    /** Sets how long one server may take to answer. Default: 2 seconds. */
    public DnsBuilder timeout(Duration time) {
        return set(DnsOptions.TIMEOUT, time, "timeout");
    }

    /** Sets when a name is asked for again, at the soonest and at the latest. Default: 5 seconds, 5 minutes. */
    public DnsBuilder ttl(Duration min, Duration max) {
        set(DnsOptions.MIN_TTL, min, "ttl");
        return set(DnsOptions.MAX_TTL, max, "ttl");
    }

    /** Lets names and registries lead to link-local addresses, or those of cloud metadata, in these blocks. Default: none. */
    public DnsBuilder allow(String... blocks) {
        return addTexts(DnsOptions.ALLOW, List.of(blocks), "allow");
    }
}
