package io.lb4j.model;

import io.lb4j.config.Limit;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;

/** How long an exchange may take. Past a timeout the answer is 504, or the exchange is cut off if its response has begun. Immutable. */
public final class RouteTimeouts extends View {
    /** Time to the response's head. */
    public static final Option<Limit<Duration>> FIRST_BYTE = Option.of(
                    "first_byte",
                    OptionTypes.limit(ModelTypes.time()),
                    "How long an endpoint may take from the end of the request to the head of its response. Calls of gRPC, which bring their own"
                            + " deadline, are exempt unless the route sets a time itself.")
            .defaultsTo(Limit.of(Duration.ofMinutes(1)))
            .build();

    /** Time for one try. */
    public static final Option<Limit<Duration>> PER_TRY = Option.of(
                    "per_try",
                    OptionTypes.limit(ModelTypes.time()),
                    "How long one try may take from its beginning to the head of its response, waiting for a connection included.")
            .defaultsTo(Limit.unlimited())
            .build();

    /** Time for the whole exchange. */
    public static final Option<Limit<Duration>> EXCHANGE = Option.of(
                    "exchange",
                    OptionTypes.limit(ModelTypes.time()),
                    "How long the whole exchange may take, all tries and both bodies included. Tunnels and WebSockets are exempt; calls of gRPC and"
                            + " server-sent events (text/event-stream) are unless the route sets a time itself.")
            .defaultsTo(Limit.of(Duration.ofHours(1)))
            .build();

    /** Time in which nothing moves. */
    public static final Option<Limit<Duration>> IDLE = Option.of(
                    "idle",
                    OptionTypes.limit(ModelTypes.time()),
                    "How long nothing may move on an exchange in either direction, tunnels and WebSockets included.")
            .defaultsTo(Limit.of(Duration.ofMinutes(5)))
            .build();

    /** The options of a route's timeouts. */
    public static final Section SECTION = Section.of("timeouts", "How long an exchange may take.")
            .options(FIRST_BYTE, PER_TRY, EXCHANGE, IDLE)
            .build();

    RouteTimeouts(Settings settings) {
        super(settings);
    }

    /**
     * Returns how long an endpoint may take from the end of the request to the head of its response; 1 minute by default. For calls of
     * gRPC {@link #streamingFirstByte()} holds.
     */
    public Limit<Duration> firstByte() {
        return settings().value(FIRST_BYTE);
    }

    /** Returns the same for a call of gRPC: what was set for {@link #firstByte()}; unlimited by default. */
    public Limit<Duration> streamingFirstByte() {
        return settings().isSet(FIRST_BYTE) ? firstByte() : Limit.unlimited();
    }

    /** Returns how long one try may take to the head of its response; unlimited by default, but for {@link #exchange()}. */
    public Limit<Duration> perTry() {
        return settings().value(PER_TRY);
    }

    /**
     * Returns how long the whole exchange may take; 1 hour by default. Tunnels and WebSockets are exempt, and for what streams by nature
     * {@link #streamingExchange()} holds.
     */
    public Limit<Duration> exchange() {
        return settings().value(EXCHANGE);
    }

    /**
     * Returns how long a call of gRPC, or a response of server-sent events, may take as a whole: what was set for {@link #exchange()};
     * unlimited by default.
     */
    public Limit<Duration> streamingExchange() {
        return settings().isSet(EXCHANGE) ? exchange() : Limit.unlimited();
    }

    /** Returns how long nothing may move on an exchange; 5 minutes by default. */
    public Limit<Duration> idle() {
        return settings().value(IDLE);
    }
}
