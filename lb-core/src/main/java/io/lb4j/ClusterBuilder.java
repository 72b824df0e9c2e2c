package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.model.Cluster;
import io.lb4j.model.Endpoint;
import io.lb4j.model.EndpointOptions;
import io.lb4j.model.ProxyProtocol;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.spi.BalancePolicy;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.UpstreamTransport;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Endpoints that serve the same, and how they are spoken with. Endpoints, or a discovery, are required. */
public final class ClusterBuilder extends SectionBuilder<ClusterBuilder> {
    ClusterBuilder(Draft draft) {
        super(draft);
    }

    @Override
    ClusterBuilder self() {
        return this;
    }

    /** Adds an endpoint of default weight. Default: none. */
    public ClusterBuilder endpoint(String host, int port) {
        addEndpoint(host, port, origin("endpoint"));
        return this;
    }

    /** Adds an endpoint. Default: none. */
    public ClusterBuilder endpoint(Endpoint endpoint) {
        Origin origin = origin("endpoint");
        Draft added = addEndpoint(endpoint.host(), endpoint.port(), origin);
        added.set(EndpointOptions.WEIGHT, endpoint.weight(), origin);
        endpoint.metadata().forEach((key, value) -> added.put(EndpointOptions.METADATA, key, value, origin));
        return this;
    }

    /** Adds somebody who says which endpoints there are while the balancer runs. Default: nobody, the endpoints are named. */
    public ClusterBuilder discovery(Part provider) {
        return discovery(discovery -> discovery.provider(provider));
    }

    /** Adds those who say which endpoints there are while the balancer runs. Default: nobody, the endpoints are named. */
    public ClusterBuilder discovery(Discovery... providers) {
        return discovery(discovery -> List.of(providers).forEach(discovery::provider));
    }

    /** Sets who says which endpoints there are, and what is made of what they say. Default: see each setting. */
    public ClusterBuilder discovery(Consumer<? super DiscoveryBuilder> discovery) {
        discovery.accept(new DiscoveryBuilder(draft().section(Cluster.DISCOVERY, origin("discovery"))));
        return this;
    }

    /** Sets what is spoken with the endpoints. Default: what ALPN agrees on over TLS, HTTP/1.1 without. */
    public ClusterBuilder protocol(UpstreamProtocol protocol) {
        return set(Cluster.PROTOCOL, protocol, "protocol");
    }

    /** Speaks HTTP/3 where it is to be had: what a module for it brings. Default: TCP alone. */
    public ClusterBuilder http3(UpstreamTransport transport) {
        return add(Cluster.TRANSPORTS, Part.of(transport.name(), transport), "http3");
    }

    /** Adds a further protocol, after those added before; where none is to be had, TCP is used. Default: TCP alone. */
    public ClusterBuilder transport(UpstreamTransport transport) {
        return add(Cluster.TRANSPORTS, Part.of(transport.name(), transport), "transport");
    }

    /** Sets how long a further transport may take to connect before the next one is tried beside it. Default: 300 ms. */
    public ClusterBuilder transportHeadStart(Duration time) {
        return set(Cluster.TRANSPORT_HEAD_START, time, "transportHeadStart");
    }

    /** Sets how long a further transport that did not connect to an endpoint is left out there. Default: 5 minutes. */
    public ClusterBuilder transportRetryAfter(Duration time) {
        return set(Cluster.TRANSPORT_RETRY_AFTER, time, "transportRetryAfter");
    }

    /** Begins connections with a PROXY protocol header; each client then has connections of its own. Default: none. */
    public ClusterBuilder proxyProtocol(ProxyProtocol version) {
        return set(Cluster.PROXY_PROTOCOL, version, "proxyProtocol");
    }

    /** Turns TLS on, with certificates verified. Default: no TLS. */
    public ClusterBuilder tls() {
        draft().section(Cluster.TLS, origin("tls"));
        return this;
    }

    /** Turns TLS on. Default: no TLS. */
    public ClusterBuilder tls(Consumer<? super UpstreamTlsBuilder> tls) {
        tls.accept(new UpstreamTlsBuilder(draft().section(Cluster.TLS, origin("tls"))));
        return this;
    }

    /** Sets how connections are kept. Default: see each setting. */
    public ClusterBuilder pool(Consumer<? super PoolBuilder> pool) {
        pool.accept(new PoolBuilder(draft().section(Cluster.POOL, origin("pool"))));
        return this;
    }

    /** Sets how long an endpoint may take to accept a connection. Default: 5 seconds. */
    public ClusterBuilder connectTimeout(Duration time) {
        return set(Cluster.CONNECT_TIMEOUT, time, "connectTimeout");
    }

    /** Sets how long the TLS handshake may take. Default: 10 seconds. */
    public ClusterBuilder tlsHandshakeTimeout(Duration time) {
        return set(Cluster.TLS_HANDSHAKE_TIMEOUT, time, "tlsHandshakeTimeout");
    }

    /** Sets the policy that picks an endpoint. Default: round robin. */
    public ClusterBuilder balance(BalancePolicy policy) {
        return set(Cluster.BALANCE, Part.of(policy.name(), policy), "balance");
    }

    /** Sets the policy that picks an endpoint by its name. Default: round robin. */
    public ClusterBuilder balance(String policy) {
        return setText(Cluster.BALANCE, policy, "balance");
    }

    /** Turns health checks on. Default: endpoints are not asked. */
    public ClusterBuilder health(Consumer<? super HealthCheckBuilder> health) {
        health.accept(new HealthCheckBuilder(draft().section(Cluster.HEALTH, origin("health"))));
        return this;
    }

    /** Sets when an endpoint that answers badly is left out. Default: see each setting. */
    public ClusterBuilder ejection(Consumer<? super EjectionBuilder> ejection) {
        ejection.accept(new EjectionBuilder(draft().section(Cluster.EJECTION, origin("ejection"))));
        return this;
    }

    /** Sets the share of endpoints that are well under which all are used, 0 to 1. Default: 0.5. */
    public ClusterBuilder panicThreshold(double share) {
        return set(Cluster.PANIC_THRESHOLD, share, "panicThreshold");
    }

    /** Sets how long an endpoint takes to get its full share of the traffic. Default: it gets it at once. */
    public ClusterBuilder slowStart(Duration time) {
        return set(Cluster.SLOW_START, time, "slowStart");
    }

    /** Sets how long requests on an endpoint that was taken out may go on. Default: 30 seconds. */
    public ClusterBuilder drainTimeout(Duration time) {
        return set(Cluster.DRAIN_TIMEOUT, time, "drainTimeout");
    }

    private Draft addEndpoint(String host, int port, Origin origin) {
        Draft endpoint = new Draft(EndpointOptions.SECTION);
        endpoint.set(EndpointOptions.HOST, host, origin);
        endpoint.set(EndpointOptions.PORT, port, origin);
        draft().add(Cluster.ENDPOINTS, endpoint, origin);
        return endpoint;
    }
}
