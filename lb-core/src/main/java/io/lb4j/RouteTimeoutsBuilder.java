package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Limit;
import io.lb4j.model.RouteTimeouts;
import java.time.Duration;

/** How long an exchange may take. */
public final class RouteTimeoutsBuilder extends SectionBuilder<RouteTimeoutsBuilder> {
    RouteTimeoutsBuilder(Draft draft) {
        super(draft);
    }

    @Override
    RouteTimeoutsBuilder self() {
        return this;
    }

    /**
     * Sets how long an endpoint may take from the end of the request to the head of its response. Default: 1 minute, and unlimited for
     * calls of gRPC.
     */
    public RouteTimeoutsBuilder firstByte(Limit<Duration> time) {
        return set(RouteTimeouts.FIRST_BYTE, time, "firstByte");
    }

    /**
     * Sets how long an endpoint may take from the end of the request to the head of its response. Default: 1 minute, and unlimited for
     * calls of gRPC.
     */
    public RouteTimeoutsBuilder firstByte(Duration time) {
        return firstByte(Limit.of(time));
    }

    /** Sets how long one try may take to the head of its response. Default: unlimited. */
    public RouteTimeoutsBuilder perTry(Limit<Duration> time) {
        return set(RouteTimeouts.PER_TRY, time, "perTry");
    }

    /** Sets how long one try may take to the head of its response. Default: unlimited. */
    public RouteTimeoutsBuilder perTry(Duration time) {
        return perTry(Limit.of(time));
    }

    /**
     * Sets how long the whole exchange may take, tunnels and WebSockets exempt. Default: 1 hour, and unlimited for calls of gRPC and
     * server-sent events.
     */
    public RouteTimeoutsBuilder exchange(Limit<Duration> time) {
        return set(RouteTimeouts.EXCHANGE, time, "exchange");
    }

    /**
     * Sets how long the whole exchange may take, tunnels and WebSockets exempt. Default: 1 hour, and unlimited for calls of gRPC and
     * server-sent events.
     */
    public RouteTimeoutsBuilder exchange(Duration time) {
        return exchange(Limit.of(time));
    }

    /** Sets how long nothing may move on an exchange, tunnels included. Default: 5 minutes. */
    public RouteTimeoutsBuilder idle(Limit<Duration> time) {
        return set(RouteTimeouts.IDLE, time, "idle");
    }

    /** Sets how long nothing may move on an exchange, tunnels included. Default: 5 minutes. */
    public RouteTimeoutsBuilder idle(Duration time) {
        return idle(Limit.of(time));
    }
}
