package io.lb4j.plugins.log;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.http.Method;
import io.lb4j.model.ModelTypes;
import io.lb4j.model.PathGlob;
import io.lb4j.model.StatusRange;
import io.lb4j.stats.AccessRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Which share of some exchanges is logged. Immutable. */
final class SampleRule {
    static final Option<List<StatusRange>> STATUS = Option.of(
                    "status", OptionTypes.list(ModelTypes.statusRange()), "Statuses that it is for; none named: all.")
            .defaultsTo(List.of())
            .build();

    static final Option<List<PathGlob>> PATHS = Option.of(
                    "paths", OptionTypes.list(ModelTypes.pathGlob()), "Paths that it is for; none named: all.")
            .defaultsTo(List.of())
            .build();

    static final Option<List<Method>> METHODS = Option.of(
                    "methods", OptionTypes.list(ModelTypes.method()), "Methods that it is for; none named: all.")
            .defaultsTo(List.of())
            .build();

    static final Option<Duration> SLOWER_THAN = Option.of(
                    "slower_than", ModelTypes.time(), "Exchanges that took longer are what it is for.")
            .absentMeans("all")
            .build();

    static final Option<Double> SHARE = Option.of("share", OptionTypes.ratio(), "Share of them that is logged.")
            .required()
            .build();

    static final Section SECTION = Section.of("rule", "Which share of some exchanges is logged.")
            .options(STATUS, PATHS, METHODS, SLOWER_THAN, SHARE)
            .build();

    private final List<StatusRange> statuses;
    private final List<PathGlob> paths;
    private final List<Method> methods;
    private final Optional<Duration> slowerThan;
    private final double share;

    SampleRule(Settings settings) {
        statuses = settings.value(STATUS);
        paths = settings.value(PATHS);
        methods = settings.value(METHODS);
        slowerThan = settings.find(SLOWER_THAN);
        share = settings.value(SHARE);
    }

    double share() {
        return share;
    }

    boolean isFor(AccessRecord access) {
        int status = access.response().status();
        String path = access.request().path();
        return (statuses.isEmpty() || statuses.stream().anyMatch(range -> range.contains(status)))
                && (methods.isEmpty() || methods.contains(access.request().method()))
                && (paths.isEmpty() || paths.stream().anyMatch(glob -> glob.matches(path)))
                && (slowerThan.isEmpty() || access.response().duration().compareTo(slowerThan.get()) > 0);
    }
}
