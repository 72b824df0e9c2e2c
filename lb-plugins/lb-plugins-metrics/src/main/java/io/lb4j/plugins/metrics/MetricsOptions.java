package io.lb4j.plugins.metrics;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.model.ModelTypes;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What can be configured of figures. */
final class MetricsOptions {
    private static final List<Duration> USUAL = Stream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .map(Duration::ofMillis)
            .toList();

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

    private MetricsOptions() {}
}
