package io.lb4j.model;

import io.lb4j.config.Draft;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.config.Shorthand;
import java.util.Map;

/** The options that an {@link Endpoint} is made of. */
public final class EndpointOptions {
    /** The host. */
    public static final Option<String> HOST = Option.of(
                    "host", ModelTypes.host(), "IP address, or a name that is resolved again as its records expire.")
            .required()
            .build();

    /** The port. */
    public static final Option<Integer> PORT =
            Option.of("port", ModelTypes.port(), "Port.").required().build();

    /** The weight. */
    public static final Option<Integer> WEIGHT = Option.of(
                    "weight",
                    OptionTypes.integer(0, 1_000_000),
                    "Share of traffic relative to other endpoints; 0 for none.")
            .defaultsTo(Endpoint.DEFAULT_WEIGHT)
            .build();

    /** The metadata. */
    public static final Option<Map<String, String>> METADATA = Option.of(
                    "metadata",
                    OptionTypes.map("names", OptionTypes.string("a text")),
                    "What there is to say of the endpoint: zone, version and whatever else.")
            .defaultsTo(Map.of())
            .build();

    /** The options of an endpoint. */
    public static final Section SECTION = Section.of("endpoint", "One address that serves a cluster.")
            .options(HOST, PORT, WEIGHT, METADATA)
            .shorthand(new Shorthand("host:port", EndpointOptions::fill))
            .build();

    private EndpointOptions() {}

    /** Fills a draft from {@code host:port}, an IPv6 address in brackets. */
    private static void fill(Draft draft, String address, Origin origin) {
        int colon = address.lastIndexOf(':');
        if (colon <= 0 || address.contains("/")) { // an address of the web: its scheme is not for an endpoint to say
            throw new IllegalArgumentException("host:port");
        }
        String host = address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.contains(":")) { // ::1:80 is an address without a port as well
            throw new IllegalArgumentException("host:port");
        }
        draft.set(HOST, bracketed ? host.substring(1, host.length() - 1) : host, origin);
        draft.setText(PORT, address.substring(colon + 1), origin);
    }

    /** Returns the endpoint that settings of {@link #SECTION} describe. */
    static Endpoint endpoint(Settings settings) {
        return new Endpoint(
                settings.value(HOST), settings.value(PORT), settings.value(WEIGHT), settings.value(METADATA));
    }
}
