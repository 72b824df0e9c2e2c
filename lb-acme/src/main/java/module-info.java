/** Certificates that take care of themselves: an ACME client with storage, challenges and renewal, for a balancer of {@code io.lb4j.core}. */
module io.lb4j.acme {
    requires transitive io.lb4j.core;
    requires io.netty.buffer;
    requires io.netty.codec.dns;
    requires io.netty.common;
    requires io.netty.resolver.dns;
    requires io.netty.transport;
    requires java.net.http;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.shredzone.acme4j;
    requires org.slf4j;
    // For dynamic updates alone: it takes the whole JVM's DNS over where the JDK lets it, so that nobody gets it who
    // has not asked.
    requires static org.dnsjava;
    requires static transitive org.jspecify;

    exports io.lb4j.acme;
    exports io.lb4j.acme.dns;
    exports io.lb4j.acme.model;
    exports io.lb4j.acme.storage;

    provides io.lb4j.config.PartFactory with
            io.lb4j.acme.AcmeFactory,
            io.lb4j.acme.dns.DnsProviderFactories.AcmeDns,
            io.lb4j.acme.dns.DnsProviderFactories.Cloudflare,
            io.lb4j.acme.dns.DnsProviderFactories.Exec,
            io.lb4j.acme.dns.DnsProviderFactories.Httpreq,
            io.lb4j.acme.dns.DnsProviderFactories.Rfc2136,
            io.lb4j.acme.dns.DnsProviderFactories.Route53;
}
