/** Endpoints from JSON over HTTP and from files, and what the modules for registries have in common. */
module io.lb4j.discovery {
    requires transitive io.lb4j.core;
    requires transitive com.fasterxml.jackson.databind;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.lb4j.discovery;

    provides io.lb4j.config.PartFactory with
            io.lb4j.discovery.DnsServicesFactory,
            io.lb4j.discovery.FileDiscoveryFactory,
            io.lb4j.discovery.HttpDiscoveryFactory;
}
