package io.lb4j.model;

import io.lb4j.config.Limit;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;

/** What clients of a listener may ask for at the most; the limit itself is still allowed. Immutable. */
public final class ListenerLimits extends View {
    private static final long MAX_HEAD = 1L << 20;

    /** The length of the request line. */
    public static final Option<Long> REQUEST_LINE = Option.of(
                    "request_line",
                    OptionTypes.size(256, MAX_HEAD),
                    "Longest request line, or target in HTTP/2 and HTTP/3; past it the answer is 414.")
            .defaultsTo(8L << 10)
            .build();

    /** The number of header fields. */
    public static final Option<Integer> HEADER_COUNT = Option.of(
                    "header_count",
                    OptionTypes.integer(1, 10_000),
                    "Most fields in a header or trailer section, each cookie of HTTP/2 counted; past it the answer is 431.")
            .defaultsTo(100)
            .build();

    /** The size of the header section. */
    public static final Option<Long> HEADER_SIZE = Option.of(
                    "header_size",
                    OptionTypes.size(256, MAX_HEAD),
                    "Largest header or trailer section, decoded; past it the answer is 431.")
            .defaultsTo(64L << 10)
            .build();

    /** The size of a body. */
    public static final Option<Limit<Long>> BODY = Option.of(
                    "body",
                    OptionTypes.limit(OptionTypes.size(0, Long.MAX_VALUE)),
                    "Largest request body; past it the answer is 413, or the exchange is cut off.")
            .defaultsTo(Limit.unlimited())
            .build();

    /** The number of streams on one connection. */
    public static final Option<Integer> STREAMS = Option.of(
                    "streams",
                    OptionTypes.integer(1, 10_000),
                    "Most streams that are open at once on one connection of HTTP/2; a further transport has a limit of its own.")
            .defaultsTo(100)
            .build();

    /** The number of connections. */
    public static final Option<Limit<Integer>> CONNECTIONS = Option.of(
                    "connections",
                    OptionTypes.limit(OptionTypes.integer(1, Integer.MAX_VALUE)),
                    "Most connections of the listener at once; past it new ones are closed.")
            .defaultsTo(Limit.of(16_384))
            .build();

    /** The number of connections from one client. */
    public static final Option<Limit<Integer>> CONNECTIONS_PER_CLIENT = Option.of(
                    "connections_per_client",
                    OptionTypes.limit(OptionTypes.integer(1, Integer.MAX_VALUE)),
                    "Most connections at once from one client address; past it new ones are closed.")
            .defaultsTo(Limit.of(4_096))
            .build();

    /** The options of a listener's limits. */
    public static final Section SECTION = Section.of("limits", "What clients may ask for at the most.")
            .options(REQUEST_LINE, HEADER_COUNT, HEADER_SIZE, BODY, STREAMS, CONNECTIONS, CONNECTIONS_PER_CLIENT)
            .build();

    ListenerLimits(Settings settings) {
        super(settings);
    }

    /** Returns the longest request line in octets; 8 KiB by default, as RFC 9112 §3 recommends. */
    public int requestLine() {
        return settings().value(REQUEST_LINE).intValue();
    }

    /** Returns the most header fields; 100 by default. */
    public int headerCount() {
        return settings().value(HEADER_COUNT);
    }

    /** Returns the largest header section in octets; 64 KiB by default. */
    public int headerSize() {
        return settings().value(HEADER_SIZE).intValue();
    }

    /** Returns the largest request body in octets; unlimited by default. */
    public Limit<Long> body() {
        return settings().value(BODY);
    }

    /** Returns the most open streams on one connection; 100 by default. */
    public int streams() {
        return settings().value(STREAMS);
    }

    /** Returns the most connections of the listener; 16,384 by default. */
    public Limit<Integer> connections() {
        return settings().value(CONNECTIONS);
    }

    /** Returns the most connections from one client address; 4,096 by default. */
    public Limit<Integer> connectionsPerClient() {
        return settings().value(CONNECTIONS_PER_CLIENT);
    }
}
