package io.lb4j.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Endpoints that serve the same, and how they are spoken with. Immutable. */
public final class Cluster extends View {
    /** The kind of {@link Part} that picks endpoints: an {@code io.lb4j.spi.BalancePolicy}. */
    public static final String BALANCE_POLICY = "balance_policy";

    /** The kind of {@link Part} that is a further protocol: an {@code io.lb4j.spi.UpstreamTransport}. */
    public static final String UPSTREAM_TRANSPORT = "upstream_transport";

    /** The name. */
    public static final Option<String> NAME = Option.of(
                    "name", OptionTypes.name(), "Name that routes, statistics, logs and messages use.")
            .required()
            .build();

    /** The endpoints. */
    public static final Option<List<Settings>> ENDPOINTS = Option.of(
                    "endpoints", OptionTypes.sections(EndpointOptions.SECTION), "Endpoints that are known beforehand.")
            .build();

    /** Where endpoints are found. */
    public static final Option<Settings> DISCOVERY = Listener.nested("discovery", DiscoveryPolicy.SECTION);

    /** The protocol. */
    public static final Option<UpstreamProtocol> PROTOCOL = Option.of(
                    "protocol",
                    OptionTypes.oneOf(UpstreamProtocol.class),
                    "What is spoken with the endpoints; auto: what ALPN agrees on over TLS, HTTP/1.1 without.")
            .defaultsTo(UpstreamProtocol.AUTO)
            .build();

    /** The further transports. */
    public static final Option<List<Part>> TRANSPORTS = Option.of(
                    "transports",
                    OptionTypes.list(OptionTypes.part(UPSTREAM_TRANSPORT)),
                    "Further protocols to speak with the endpoints, HTTP/3 for one, the preferred one first; where none is to be had: protocol, over TCP.")
            .defaultsTo(List.of())
            .build();

    /** How long a transport is waited for. */
    public static final Option<Duration> TRANSPORT_HEAD_START = Option.of(
                    "transport_head_start",
                    ModelTypes.time(),
                    "How long a further transport may take to connect before the next one is tried beside it.")
            .defaultsTo(Duration.ofMillis(300))
            .build();

    /** How long a transport that did not connect is left out. */
    public static final Option<Duration> TRANSPORT_RETRY_AFTER = Option.of(
                    "transport_retry_after",
                    ModelTypes.time(),
                    "How long a further transport that did not connect to an endpoint is left out there.")
            .defaultsTo(Duration.ofMinutes(5))
            .build();

    /** Whether connections begin with a PROXY header. */
    public static final Option<ProxyProtocol> PROXY_PROTOCOL = Option.of(
                    "proxy_protocol",
                    OptionTypes.oneOf(ProxyProtocol.class),
                    "PROXY protocol header that connections to endpoints begin with: v1 or v2. Each client then has connections of its own.")
            .absentMeans("none")
            .build();

    /** TLS. */
    public static final Option<Settings> TLS = Option.of(
                    "tls", OptionTypes.section(UpstreamTls.SECTION), "TLS towards endpoints.")
            .absentMeans("no TLS")
            .build();

    /** The connections. */
    public static final Option<Settings> POOL = Listener.nested("pool", Pool.SECTION);

    /** How long connecting may take. */
    public static final Option<Duration> CONNECT_TIMEOUT = Option.of(
                    "connect_timeout", ModelTypes.time(), "How long an endpoint may take to accept a connection.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    /** How long the TLS handshake may take. */
    public static final Option<Duration> TLS_HANDSHAKE_TIMEOUT = Option.of(
                    "tls_handshake_timeout", ModelTypes.time(), "How long the TLS handshake with an endpoint may take.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    /** Who picks an endpoint. */
    public static final Option<Part> BALANCE = Option.of(
                    "balance", OptionTypes.part(BALANCE_POLICY), "Policy that picks an endpoint for a request.")
            .absentMeans("round_robin")
            .build();

    /** How endpoints are asked whether they are well. */
    public static final Option<Settings> HEALTH = Option.of(
                    "health", OptionTypes.section(HealthCheck.SECTION), HealthCheck.SECTION.doc())
            .absentMeans("they are not asked")
            .build();

    /** When endpoints are left out. */
    public static final Option<Settings> EJECTION = Listener.nested("ejection", Ejection.SECTION);

    /** The share of well endpoints under which all are used. */
    public static final Option<Double> PANIC_THRESHOLD = Option.of(
                    "panic_threshold",
                    OptionTypes.ratio(),
                    "Share of endpoints that are well under which all are used: checks that fail everywhere are probably wrong.")
            .defaultsTo(0.5)
            .build();

    /** How long a new endpoint warms up. */
    public static final Option<Duration> SLOW_START = Option.of(
                    "slow_start",
                    ModelTypes.time(),
                    "How long an endpoint that is new, or well again, takes to get its full share of the traffic.")
            .absentMeans("it gets its full share at once")
            .build();

    /** How long an endpoint that leaves may finish. */
    public static final Option<Duration> DRAIN_TIMEOUT = Option.of(
                    "drain_timeout",
                    ModelTypes.time(),
                    "How long requests on an endpoint that was taken out may go on.")
            .defaultsTo(Duration.ofSeconds(30))
            .build();

    /** The options of a cluster. */
    public static final Section SECTION = Section.of("cluster", "Endpoints that serve the same.")
            .namedBy(NAME)
            .options(ENDPOINTS, DISCOVERY, PROTOCOL)
            .options(TRANSPORTS, TRANSPORT_HEAD_START, TRANSPORT_RETRY_AFTER, PROXY_PROTOCOL)
            .options(TLS, POOL, CONNECT_TIMEOUT, TLS_HANDSHAKE_TIMEOUT, BALANCE)
            .options(HEALTH, EJECTION, PANIC_THRESHOLD, SLOW_START, DRAIN_TIMEOUT)
            .rule(Cluster::requireEndpoints)
            .rule(Cluster::requireDistinctEndpoints)
            .rule(Cluster::requireOneWayToNameClients)
            .build();

    Cluster(Settings settings) {
        super(settings);
    }

    private static void requireEndpoints(Settings settings, Scope scope) {
        Optional<Settings> discovery = settings.find(DISCOVERY);
        boolean judged = discovery.isPresent()
                && !settings.isFaulty(DISCOVERY)
                && !discovery.get().isFaulty(DiscoveryPolicy.PROVIDERS);
        if (judged
                && !settings.isSet(ENDPOINTS)
                && discovery.get().value(DiscoveryPolicy.PROVIDERS).isEmpty()) {
            scope.report(Fault.Code.MISSING, "missing", "endpoints, or discovery with providers", Origin.byDefault());
        }
    }

    private static void requireDistinctEndpoints(Settings settings, Scope scope) {
        List<Settings> endpoints = settings.find(ENDPOINTS).orElse(List.of());
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < endpoints.size(); i++) {
            Settings endpoint = endpoints.get(i);
            String host = endpoint.find(EndpointOptions.HOST).orElse("");
            int port = endpoint.find(EndpointOptions.PORT).orElse(0);
            if (port > 0 && !addresses.add(host + ":" + port)) {
                String seen = host + ":" + port;
                scope.at(ENDPOINTS.name())
                        .at(i)
                        .report(Fault.Code.DUPLICATE, seen, "each address once", endpoint.origin(EndpointOptions.PORT));
            }
        }
    }

    /** Only TCP connections begin with a PROXY header. */
    private static void requireOneWayToNameClients(Settings settings, Scope scope) {
        boolean transports =
                settings.find(TRANSPORTS).filter(some -> !some.isEmpty()).isPresent();
        if (transports && settings.find(PROXY_PROTOCOL).isPresent()) {
            String seen = String.valueOf(settings.toTree().get(PROXY_PROTOCOL.name()));
            scope.at(PROXY_PROTOCOL.name())
                    .report(
                            Fault.Code.CONFLICT,
                            seen,
                            "none, because transports are set",
                            settings.origin(PROXY_PROTOCOL));
        }
    }

    /** Returns the name. */
    public String name() {
        return settings().value(NAME);
    }

    /** Returns the endpoints that are known beforehand; empty where they are discovered. */
    public List<Endpoint> endpoints() {
        return settings().find(ENDPOINTS).orElse(List.of()).stream()
                .map(EndpointOptions::endpoint)
                .toList();
    }

    /** Returns where further endpoints are found, and what is made of what is said there. */
    public DiscoveryPolicy discovery() {
        return new DiscoveryPolicy(settings().value(DISCOVERY));
    }

    /** Returns what is spoken with the endpoints; {@link UpstreamProtocol#AUTO} by default. */
    public UpstreamProtocol protocol() {
        return settings().value(PROTOCOL);
    }

    /** Returns the further protocols, the preferred one first; none by default. */
    public List<Part> transports() {
        return settings().value(TRANSPORTS);
    }

    /** Returns how long a further transport may take before the next one is tried beside it; 300 ms by default. */
    public Duration transportHeadStart() {
        return settings().value(TRANSPORT_HEAD_START);
    }

    /** Returns how long a further transport that did not connect is left out; 5 minutes by default. */
    public Duration transportRetryAfter() {
        return settings().value(TRANSPORT_RETRY_AFTER);
    }

    /** Returns the PROXY protocol header that connections begin with; none by default. */
    public Optional<ProxyProtocol> proxyProtocol() {
        return settings().find(PROXY_PROTOCOL);
    }

    /** Returns how TLS is done; by default it is not. */
    public Optional<UpstreamTls> tls() {
        return settings().find(TLS).map(UpstreamTls::new);
    }

    /** Returns how connections are kept. */
    public Pool pool() {
        return new Pool(settings().value(POOL));
    }

    /** Returns how long an endpoint may take to accept a connection; 5 seconds by default. */
    public Duration connectTimeout() {
        return settings().value(CONNECT_TIMEOUT);
    }

    /** Returns how long the TLS handshake may take; 10 seconds by default. */
    public Duration tlsHandshakeTimeout() {
        return settings().value(TLS_HANDSHAKE_TIMEOUT);
    }

    /** Returns the policy that picks an endpoint; round robin where there is none. */
    public Optional<Part> balance() {
        return settings().find(BALANCE);
    }

    /** Returns how endpoints are asked whether they are well; by default they are not. */
    public Optional<HealthCheck> health() {
        return settings().find(HEALTH).map(HealthCheck::new);
    }

    /** Returns when an endpoint that answers badly is left out. */
    public Ejection ejection() {
        return new Ejection(settings().value(EJECTION));
    }

    /** Returns the share of endpoints that are well under which all are used, 0 to 1; 0.5 by default. */
    public double panicThreshold() {
        return settings().value(PANIC_THRESHOLD);
    }

    /** Returns how long an endpoint takes to get its full share; by default it gets it at once. */
    public Optional<Duration> slowStart() {
        return settings().find(SLOW_START);
    }

    /** Returns how long requests on an endpoint that was taken out may go on; 30 seconds by default. */
    public Duration drainTimeout() {
        return settings().value(DRAIN_TIMEOUT);
    }
}
