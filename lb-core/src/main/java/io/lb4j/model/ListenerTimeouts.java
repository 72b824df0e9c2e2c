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

    /** The options of a listener's timeouts. */
    public static final Section SECTION = Section.of("timeouts", "How long clients are waited for.")
            .options(REQUEST_HEAD, IDLE)
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
}
