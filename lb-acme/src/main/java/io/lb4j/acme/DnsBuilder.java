package io.lb4j.acme;

import io.lb4j.acme.dns.DnsProvider;
import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Says how challenges by DNS are answered. Refuses nothing; the balancer's start names all faults. Confined to one thread. */
public final class DnsBuilder {
    private final Draft draft;
    private final Origin origin;

    DnsBuilder(Draft draft, Origin origin) {
        this.draft = draft;
        this.origin = origin;
    }

    /** Sets who puts records into the zone. Default: nobody, and there are no challenges by DNS. */
    public DnsBuilder provider(DnsProvider provider) {
        draft.set(AcmeOptions.DNS_PROVIDER, Part.of(provider.getClass().getSimpleName(), provider), origin);
        return this;
    }

    /** Sets who is asked for aliases and for a zone's servers. Default: the system's resolvers. */
    public DnsBuilder resolvers(InetSocketAddress... servers) {
        draft.set(AcmeOptions.DNS_RESOLVERS, List.of(servers), origin);
        return this;
    }

    /** Lets the resolvers, and not the zone's own servers, show a record before the authority is told. Default: the zone's own servers. */
    public DnsBuilder checkAtResolvers() {
        draft.set(AcmeOptions.DNS_CHECK, AcmeOptions.DnsCheck.RESOLVERS, origin);
        return this;
    }

    /** Sets how long is waited until servers show a record. Default: 2 minutes. */
    public DnsBuilder timeout(Duration timeout) {
        draft.set(AcmeOptions.DNS_TIMEOUT, timeout, origin);
        return this;
    }

    /** Sets the name that all records go to. Default: where the aliases of {@code _acme-challenge} below each name lead. */
    public DnsBuilder alias(String name) {
        draft.setText(AcmeOptions.CHALLENGE_ALIAS, name, origin);
        return this;
    }
}
