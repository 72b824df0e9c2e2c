package io.lb4j.plugins.tracing;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;

/** What can be configured of traces. */
final class TracingOptions {
    /** What is made of a trace that a client says it is in. */
    enum Parent {
        /** It goes on. */
        CONTINUE,
        /** Another one begins, with a link to it. */
        LINK,
        /** Another one begins. */
        IGNORE
    }

    /** Whose OpenTelemetry makes the spans. */
    enum Telemetry {
        /** The one that the application, or an agent, has made global. */
        GLOBAL,
        /** One of the plugin's own, as the variables of the environment say. */
        ENVIRONMENT
    }

    static final Option<Telemetry> TELEMETRY = Option.of(
                    "telemetry",
                    OptionTypes.oneOf(Telemetry.class),
                    "Whose OpenTelemetry makes spans: the one that is global in this process, or one that is made as variables of the environment (OTEL_…) say.")
            .defaultsTo(Telemetry.GLOBAL)
            .build();

    static final Option<Parent> PARENT = Option.of(
                    "parent",
                    OptionTypes.oneOf(Parent.class),
                    "What is made of a client's traceparent: continue, link or ignore. A client decides what is sampled where it goes on.")
            .defaultsTo(Parent.CONTINUE)
            .build();

    static final Section SECTION = Section.of("tracing", "Spans for OpenTelemetry.")
            .options(PARENT, TELEMETRY)
            .build();

    private TracingOptions() {}
}
