package io.lb4j.model;

import io.lb4j.config.Limit;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;

/**
 * When an endpoint that answers badly is left out for a while. Immutable. The rules and most defaults are those of Envoy's outlier
 * detection.
 */
public final class Ejection extends View {
    /** Whether endpoints are ejected. */
    public static final Option<Boolean> ENABLED = Option.of(
                    "enabled", OptionTypes.bool(), "Whether endpoints that answer badly are left out for a while.")
            .defaultsTo(true)
            .build();

    /** Failures in a row. */
    public static final Option<Limit<Integer>> CONSECUTIVE_FAILURES = Option.of(
                    "consecutive_failures",
                    OptionTypes.limit(OptionTypes.integer(1, 1_000_000)),
                    "Failures in a row (no connection, no answer, a status of 502, 503 or 504) that eject an endpoint.")
            .defaultsTo(Limit.of(5))
            .build();

    /** The time between looks at the success rate. */
    public static final Option<Duration> INTERVAL = Option.of(
                    "interval",
                    OptionTypes.duration(Duration.ofMillis(10)),
                    "Time over which success rates are compared.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    /** How far below the average. */
    public static final Option<Limit<Double>> SUCCESS_RATE_FACTOR = Option.of(
                    "success_rate_factor",
                    OptionTypes.limit(OptionTypes.decimal()),
                    "Standard deviations below the cluster's average success rate that eject an endpoint; unlimited: none does.")
            .defaultsTo(Limit.of(1.9))
            .build();

    /** The number of endpoints that an average takes. */
    public static final Option<Integer> SUCCESS_RATE_MIN_ENDPOINTS = Option.of(
                    "success_rate_min_endpoints",
                    OptionTypes.integer(2, 1_000_000),
                    "Endpoints with enough requests that it takes to compare success rates.")
            .defaultsTo(5)
            .build();

    /** The number of requests that a rate takes. */
    public static final Option<Integer> SUCCESS_RATE_MIN_REQUESTS = Option.of(
                    "success_rate_min_requests",
                    OptionTypes.integer(1, 1_000_000),
                    "Requests of an endpoint within the interval that it takes to have a success rate.")
            .defaultsTo(100)
            .build();

    /** The first ejection's length. */
    public static final Option<Duration> BASE_TIME = Option.of(
                    "base_time",
                    ModelTypes.time(),
                    "Length of the first ejection; each further one is longer by as much, and good behaviour shortens the next.")
            .defaultsTo(Duration.ofSeconds(30))
            .build();

    /** The longest ejection. */
    public static final Option<Duration> MAX_TIME = Option.of(
                    "max_time", ModelTypes.time(), "Length of the longest ejection.")
            .defaultsTo(Duration.ofMinutes(5))
            .build();

    /** The share that may be ejected. */
    public static final Option<Double> MAX_SHARE = Option.of(
                    "max_share",
                    OptionTypes.ratio(),
                    "Share of the endpoints that may be ejected at once; one may be in any case, unless it is 0%.")
            .defaultsTo(0.5)
            .build();

    /** The options of ejection. */
    public static final Section SECTION = Section.of(
                    "ejection", "When an endpoint that answers badly is left out for a while.")
            .options(ENABLED, CONSECUTIVE_FAILURES, INTERVAL, SUCCESS_RATE_FACTOR, SUCCESS_RATE_MIN_ENDPOINTS)
            .options(SUCCESS_RATE_MIN_REQUESTS, BASE_TIME, MAX_TIME, MAX_SHARE)
            .rule((settings, scope) -> ListenerTls.requireOrder(settings, scope, BASE_TIME, MAX_TIME))
            .build();

    Ejection(Settings settings) {
        super(settings);
    }

    /** Returns whether endpoints are ejected; by default they are. */
    public boolean isEnabled() {
        return settings().value(ENABLED);
    }

    /** Returns how many failures in a row eject an endpoint; 5 by default. */
    public Limit<Integer> consecutiveFailures() {
        return settings().value(CONSECUTIVE_FAILURES);
    }

    /** Returns the time over which success rates are compared; 10 seconds by default. */
    public Duration interval() {
        return settings().value(INTERVAL);
    }

    /** Returns how many standard deviations below the average eject an endpoint; 1.9 by default; none does if unlimited. */
    public Limit<Double> successRateFactor() {
        return settings().value(SUCCESS_RATE_FACTOR);
    }

    /** Returns how many endpoints it takes to compare success rates; 5 by default. */
    public int successRateMinEndpoints() {
        return settings().value(SUCCESS_RATE_MIN_ENDPOINTS);
    }

    /** Returns how many requests within the interval it takes to have a success rate; 100 by default. */
    public int successRateMinRequests() {
        return settings().value(SUCCESS_RATE_MIN_REQUESTS);
    }

    /** Returns the length of the first ejection; 30 seconds by default. */
    public Duration baseTime() {
        return settings().value(BASE_TIME);
    }

    /** Returns the length of the longest ejection; 5 minutes by default. */
    public Duration maxTime() {
        return settings().value(MAX_TIME);
    }

    /** Returns the share of the endpoints that may be ejected at once, 0 to 1; 0.5 by default. */
    public double maxShare() {
        return settings().value(MAX_SHARE);
    }
}
