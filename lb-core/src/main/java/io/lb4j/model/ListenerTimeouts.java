package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;

/** How long a listener waits for its clients. Immutable. */
public final class ListenerTimeouts extends View {
    /** How long a request's head may take. */
    public static final Option<Duration> REQUEST_HEAD = Option.of(
                    "request_head",
                    ModelTypes.time(),
                    "How long a request's head may take from its first octet, or from the connection's beginning; past it the answer is 408.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    /** How long a connection may be idle. */
    public static final Option<Duration> IDLE = Option.of(
                    "idle", ModelTypes.time(), "How long a connection stays open between requests.")
            .defaultsTo(Duration.ofSeconds(75))
            .build();

    /** How long the next octets of a body may take. */
    public static final Option<Duration> REQUEST_BODY = Option.of(
                    "request_body",
                    ModelTypes.time(),
                    "How long the next octets of a request's body may take while they are wanted and no response has begun; past it the"
                            + " answer is 408. Calls of gRPC and WebSockets are exempt.")
            .defaultsTo(Duration.ofMinutes(1))
            .build();

    /** How long a client may take nothing. */
    public static final Option<Duration> RESPONSE_WRITE = Option.of(
                    "response_write",
                    ModelTypes.time(),
                    "How long a client may take nothing of a response that waits for it; past it the exchange is cut off.")
            .defaultsTo(Duration.ofMinutes(1))
            .build();

    /** The options of a listener's timeouts. */
    public static final Section SECTION = Section.of("timeouts", "How long clients are waited for.")
            .options(REQUEST_HEAD, IDLE, REQUEST_BODY, RESPONSE_WRITE)
            .build();

    ListenerTimeouts(Settings settings) {
        super(settings);
    }

    /** Returns how long a request's head may take; 10 seconds by default. */
    public Duration requestHead() {
        return settings().value(REQUEST_HEAD);
    }

    /** Returns how long a connection stays open between requests; 75 seconds by default, longer than balancers in front keep theirs. */
    public Duration idle() {
        return settings().value(IDLE);
    }

    /** Returns how long the next octets of a request's body may take while they are wanted; 1 minute by default. */
    public Duration requestBody() {
        return settings().value(REQUEST_BODY);
    }

    /** Returns how long a client may take nothing of a response that waits for it; 1 minute by default. */
    public Duration responseWrite() {
        return settings().value(RESPONSE_WRITE);
    }
}
