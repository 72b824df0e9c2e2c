package io.lb4j.server.source;

import io.lb4j.config.PartCatalog;
import io.lb4j.config.PartFactory;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.Cluster;
import io.lb4j.model.Configuration;
import io.lb4j.model.DiscoveryPolicy;
import io.lb4j.model.Listener;
import io.lb4j.model.PluginUse;
import io.lb4j.model.ProcessOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the modules of this project bring that may be absent: a configuration that names a part of one that is not there is told which dependency
 * is missing.
 */
public final class AbsentModules {
    /** The kind of part that changes DNS for certificates. */
    private static final String DNS_PROVIDER = "dns_provider";

    /** The kind of part that modules of WebAssembly come from. */
    private static final String WASM_SOURCE = "wasm_source";

    private static final List<Module> MODULES = List.of(
            new Module("lb-http3", Listener.TRANSPORT, "h3"),
            new Module("lb-http3", Cluster.UPSTREAM_TRANSPORT, "h3"),
            new Module("lb-acme", Configuration.ACME_KIND, "acme"),
            new Module("lb-acme", DNS_PROVIDER, "acme-dns", "cloudflare", "exec", "httpreq", "rfc2136", "route53"),
            new Module("lb-discovery", DiscoveryPolicy.PROVIDER, "dns", "file", "http"),
            new Module("lb-discovery-consul", DiscoveryPolicy.PROVIDER, "consul"),
            new Module("lb-discovery-consul", ProcessOptions.SHARED_STORE_KIND, "consul"),
            new Module("lb-discovery-etcd", DiscoveryPolicy.PROVIDER, "etcd"),
            new Module("lb-discovery-etcd", ProcessOptions.SHARED_STORE_KIND, "etcd"),
            new Module("lb-discovery-kubernetes", DiscoveryPolicy.PROVIDER, "kubernetes"),
            new Module("lb-discovery-kubernetes", ProcessOptions.SHARED_STORE_KIND, "kubernetes"),
            plugins("lb-plugins", "access_log", "api_key", "basic_auth", "compression", "cors", "decompression"),
            plugins("lb-plugins", "forward_auth", "headers", "ip_access", "rate_limit", "request_id", "request_size"),
            plugins("lb-plugins", "static_response"),
            plugins("lb-plugins-cache", "cache"),
            plugins("lb-plugins-jwt", "jwt"),
            plugins("lb-plugins-metrics", "metrics", "metrics_page", "metrics_push"),
            plugins("lb-plugins-redis", "redis_rate_limit"),
            plugins("lb-plugins-tracing", "tracing"),
            plugins("lb-plugins-wasm", "wasm"),
            new Module("lb-plugins-registry", WASM_SOURCE, "oci"));

    private AbsentModules() {}

    /** Parts of one kind that one module brings. */
    private record Module(String artifact, String kind, List<String> names) {
        Module(String artifact, String kind, String... names) {
            this(artifact, kind, List.of(names));
        }
    }

    private static Module plugins(String artifact, String... names) {
        return new Module(artifact, PluginUse.PLUGIN_KIND, names);
    }

    /** Returns a catalog of what there is, and behind it of what is absent: that can be named, and says what it needs. */
    public static PartCatalog completed(PartCatalog present) {
        List<PartFactory<?>> absent = new ArrayList<>();
        for (Module module : MODULES) {
            for (String name : module.names()) {
                if (present.find(module.kind(), name).isEmpty()) {
                    absent.add(new Absent(module.kind(), name, module.artifact()));
                }
            }
        }
        return present.and(PartCatalog.of(absent));
    }

    /** Returns the artifact that brings a part; empty for a part of nobody's. */
    public static Optional<String> artifact(String kind, String name) {
        return MODULES.stream()
                .filter(module -> module.kind().equals(kind) && module.names().contains(name))
                .map(Module::artifact)
                .findFirst();
    }

    /** Stands for a part whose module is not there. */
    private record Absent(String kind, String name, String artifact) implements PartFactory<Object> {
        @Override
        public Section section() {
            return Section.of(name, "A part of a module that is absent.").build();
        }

        @Override
        public Optional<String> missing() {
            return Optional.of("the dependency io.lb4j:" + artifact);
        }

        @Override
        public Object create(Settings settings) {
            throw new IllegalStateException(name + ": absent (expected: io.lb4j:" + artifact + ")");
        }
    }
}
