package io.lb4j.plugins.metrics;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.model.ModelTypes;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What can be configured of figures. */
final class MetricsOptions {
    private static final List<Duration> USUAL = Stream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .map(Duration::ofMillis)
            .toList();

    private static final String ADDRESS = "an address such as http://collector:4318/v1/metrics, without credentials";

    static final Option<String> REGISTRY = Option.of(
                    "registry",
                    OptionTypes.name(),
                    "Name of the Prometheus registry, which a metrics_page of the same name shows.")
            .defaultsTo("default")
            .build();

    static final Option<List<Duration>> BUCKETS = Option.of(
                    "buckets", OptionTypes.list(ModelTypes.time()), "Bounds of the histogram of durations.")
            .defaultsTo(USUAL)
            .build();

    static final Option<Boolean> ENDPOINTS = Option.of(
                    "endpoints", OptionTypes.bool(), "Whether each endpoint has series of its own.")
            .defaultsTo(false)
            .build();

    static final Option<Integer> MAX_SERIES = Option.of(
                    "max_series",
                    OptionTypes.integer(10, 1_000_000),
                    "Combinations of labels; further ones are counted together, with the label other.")
            .defaultsTo(2_000)
            .build();

    static final Section SECTION = Section.of("metrics", "Figures of exchanges, for Micrometer.")
            .options(REGISTRY, BUCKETS, ENDPOINTS, MAX_SERIES)
            .build();

    static final Section PAGE = Section.of("metrics_page", "A page that Prometheus reads.")
            .options(REGISTRY)
            .build();

    static final Option<URI> RECEIVER = Option.of(
                    "url",
                    OptionTypes.text(URI.class, ADDRESS, MetricsOptions::requireAddress, URI::toString),
                    "Where a receiver of OTLP takes figures over HTTP, in JSON.")
            .required()
            .build();

    static final Option<Map<String, String>> HEADERS = Option.of(
                    "headers", OptionTypes.map("field names", ModelTypes.fieldValue()), "Fields that requests have.")
            .defaultsTo(Map.of())
            .secret()
            .build();

    static final Option<Map<String, String>> ATTRIBUTES = Option.of(
                    "attributes",
                    OptionTypes.map("names", OptionTypes.string("a value")),
                    "Attributes of the resource beside service.name, which is lb4j unless it is among them.")
            .defaultsTo(Map.of())
            .build();

    static final Option<Duration> INTERVAL = Option.of(
                    "interval", OptionTypes.duration(Duration.ofMillis(100)), "How often figures are sent.")
            .defaultsTo(Duration.ofMinutes(1))
            .build();

    static final Option<Duration> PUSH_TIMEOUT = Option.of(
                    "timeout", ModelTypes.time(), "How long connecting may take, and waiting for the answer.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    static final Option<Boolean> BALANCER = Option.of(
                    "balancer",
                    OptionTypes.bool(),
                    "Whether what the balancer counts itself is sent, too: connections, pools, endpoints, plugins, certificates.")
            .defaultsTo(true)
            .build();

    static final Section PUSH = Section.of("metrics_push", "Sends figures to a receiver of OTLP.")
            .options(REGISTRY, RECEIVER, HEADERS, ATTRIBUTES, INTERVAL, PUSH_TIMEOUT, BALANCER)
            .build();

    private MetricsOptions() {}

    private static URI requireAddress(String text) {
        URI address = URI.create(text);
        boolean isHttp = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!isHttp || address.getHost() == null || address.getUserInfo() != null) {
            throw new IllegalArgumentException(ADDRESS);
        }
        return address;
    }
}
