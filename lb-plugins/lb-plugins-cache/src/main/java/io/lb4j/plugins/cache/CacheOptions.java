package io.lb4j.plugins.cache;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.model.AddressBlock;
import io.lb4j.model.ModelTypes;
import java.time.Duration;
import java.util.List;

/** What can be configured of a cache. */
final class CacheOptions {
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    static final Option<Long> MAX_SIZE = Option.of(
                    "max_size",
                    OptionTypes.size(64 * KIB, Long.MAX_VALUE),
                    "Octets of memory that responses may take up; those that are seldom asked for go first.")
            .defaultsTo(64 * MIB)
            .build();

    static final Option<Long> MAX_ENTRY = Option.of(
                    "max_entry", OptionTypes.size(0, 64 * MIB), "Octets of a body that is kept; larger ones go by.")
            .defaultsTo(MIB)
            .build();

    static final Option<Integer> MAX_VARIANTS = Option.of(
                    "max_variants",
                    OptionTypes.integer(1, 1000),
                    "Responses of one URI that differ by what Vary names.")
            .defaultsTo(16)
            .build();

    static final Option<List<String>> KEY_FIELDS = Option.of(
                    "key_fields",
                    OptionTypes.list(ModelTypes.fieldName()),
                    "Request fields that change what a URI means, and so are part of the key.")
            .defaultsTo(List.of(
                    "x-forwarded-host",
                    "x-forwarded-proto",
                    "x-forwarded-port",
                    "x-forwarded-scheme",
                    "x-forwarded-prefix",
                    "x-forwarded-server",
                    "x-host",
                    "x-original-url",
                    "x-rewrite-url",
                    "x-http-method-override",
                    "x-http-method",
                    "x-method-override"))
            .build();

    static final Option<List<String>> TARGETED = Option.of(
                    "targeted",
                    OptionTypes.list(ModelTypes.fieldName()),
                    "Fields that are read in place of Cache-Control, such as cdn-cache-control; the first that is"
                            + " there.")
            .defaultsTo(List.of())
            .build();

    static final Option<Duration> HEURISTIC_MAX = Option.of(
                    "heuristic_max",
                    OptionTypes.duration(Duration.ZERO),
                    "How long a response may be fresh that only says when it was changed last.")
            .defaultsTo(Duration.ofHours(1))
            .build();

    static final Option<Boolean> CLIENT_CONTROL = Option.of(
                    "client_control", OptionTypes.bool(), "Whether the Cache-Control of requests is heeded.")
            .defaultsTo(true)
            .build();

    static final Option<Boolean> STATUS_FIELD = Option.of(
                    "status_field", OptionTypes.bool(), "Whether responses say in Cache-Status what the cache did.")
            .defaultsTo(true)
            .build();

    static final Option<Duration> STALE_WHILE_REVALIDATE = Option.of(
                    "stale_while_revalidate",
                    OptionTypes.duration(Duration.ZERO),
                    "How long a stale response is used while it is brought up to date, where the response does not"
                            + " say.")
            .defaultsTo(Duration.ZERO)
            .build();

    static final Option<Duration> STALE_IF_ERROR = Option.of(
                    "stale_if_error",
                    OptionTypes.duration(Duration.ZERO),
                    "How long a stale response stands in for an endpoint that fails, where the response does not say.")
            .defaultsTo(Duration.ZERO)
            .build();

    static final Option<Duration> COLLAPSE_WAIT = Option.of(
                    "collapse_wait",
                    OptionTypes.duration(Duration.ZERO),
                    "How long a request waits for one that wants the same, less than the plugin's timeout; zero: not"
                            + " at all.")
            .defaultsTo(Duration.ofSeconds(3))
            .build();

    static final Option<List<AddressBlock>> PURGE_FROM = Option.of(
                    "purge_from",
                    OptionTypes.list(ModelTypes.addressBlock()),
                    "Clients that may have responses of a URI forgotten by the method PURGE; others are answered with"
                            + " 403.")
            .absentMeans("PURGE is forwarded")
            .build();

    static final Section SECTION = Section.of("cache", "A shared HTTP cache in memory.")
            .options(
                    MAX_SIZE,
                    MAX_ENTRY,
                    MAX_VARIANTS,
                    KEY_FIELDS,
                    TARGETED,
                    HEURISTIC_MAX,
                    CLIENT_CONTROL,
                    STATUS_FIELD,
                    STALE_WHILE_REVALIDATE,
                    STALE_IF_ERROR,
                    COLLAPSE_WAIT,
                    PURGE_FROM)
            .build();

    private CacheOptions() {}
}
