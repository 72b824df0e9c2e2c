package io.lb4j.model;

import io.lb4j.config.Limit;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;

/** The connections that are kept with a cluster's endpoints, and the requests that wait for one. Immutable. */
public final class Pool extends View {
    /** The number of connections. */
    public static final Option<Integer> MAX_CONNECTIONS = Option.of(
                    "max_connections",
                    OptionTypes.integer(1, 1_000_000),
                    "Most connections to the cluster's endpoints together.")
            .defaultsTo(1024)
            .build();

    /** The number of idle connections. */
    public static final Option<Integer> MAX_IDLE = Option.of(
                    "max_idle",
                    OptionTypes.integer(0, 1_000_000),
                    "Most connections that are kept without a request, to the cluster's endpoints together.")
            .defaultsTo(100)
            .build();

    /** How long a connection stays idle. */
    public static final Option<Duration> IDLE_TIMEOUT = Option.of(
                    "idle_timeout",
                    ModelTypes.time(),
                    "How long a connection is kept without a request; set it below what the endpoints use.")
            .defaultsTo(Duration.ofSeconds(60))
            .build();

    /** How long a connection lives. */
    public static final Option<Limit<Duration>> MAX_LIFETIME = Option.of(
                    "max_lifetime",
                    OptionTypes.limit(ModelTypes.time()),
                    "How long a connection takes new requests, which spreads load after endpoints were added.")
            .defaultsTo(Limit.unlimited())
            .build();

    /** The number of requests on a connection. */
    public static final Option<Limit<Long>> MAX_REQUESTS = Option.of(
                    "max_requests",
                    OptionTypes.limit(OptionTypes.longInteger(1)),
                    "Most requests on one connection before it is replaced.")
            .defaultsTo(Limit.unlimited())
            .build();

    /** The number of streams on a connection. */
    public static final Option<Integer> MAX_STREAMS = Option.of(
                    "max_streams",
                    OptionTypes.integer(1, 10_000),
                    "Most streams that are open at once on one connection of HTTP/2, if the endpoint allows as many.")
            .defaultsTo(100)
            .build();

    /** The number of requests that wait. */
    public static final Option<Integer> MAX_PENDING = Option.of(
                    "max_pending",
                    OptionTypes.integer(0, 1_000_000),
                    "Most requests that wait for a connection; past it the answer is 503.")
            .defaultsTo(1024)
            .build();

    /** How long a request waits. */
    public static final Option<Duration> PENDING_TIMEOUT = Option.of(
                    "pending_timeout",
                    ModelTypes.time(),
                    "How long a request waits for a connection; past it the answer is 503.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    /** The options of a pool. */
    public static final Section SECTION = Section.of("pool", "The connections that are kept with the endpoints.")
            .options(MAX_CONNECTIONS, MAX_IDLE, IDLE_TIMEOUT, MAX_LIFETIME, MAX_REQUESTS, MAX_STREAMS)
            .options(MAX_PENDING, PENDING_TIMEOUT)
            .build();

    Pool(Settings settings) {
        super(settings);
    }

    /** Returns the most connections to the cluster's endpoints together; 1,024 by default. */
    public int maxConnections() {
        return settings().value(MAX_CONNECTIONS);
    }

    /** Returns the most idle connections to the cluster's endpoints together; 100 by default. */
    public int maxIdle() {
        return settings().value(MAX_IDLE);
    }

    /** Returns how long a connection is kept without a request; 60 seconds by default. */
    public Duration idleTimeout() {
        return settings().value(IDLE_TIMEOUT);
    }

    /** Returns how long a connection takes new requests; unlimited by default. */
    public Limit<Duration> maxLifetime() {
        return settings().value(MAX_LIFETIME);
    }

    /** Returns the most requests on one connection; unlimited by default. */
    public Limit<Long> maxRequests() {
        return settings().value(MAX_REQUESTS);
    }

    /** Returns the most streams that are open at once on one connection; 100 by default. */
    public int maxStreams() {
        return settings().value(MAX_STREAMS);
    }

    /** Returns the most requests that wait for a connection; 1,024 by default. */
    public int maxPending() {
        return settings().value(MAX_PENDING);
    }

    /** Returns how long a request waits for a connection; 5 seconds by default. */
    public Duration pendingTimeout() {
        return settings().value(PENDING_TIMEOUT);
    }
}
