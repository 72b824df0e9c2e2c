package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * When a request is sent again. A request that is not idempotent is sent again only where it was provably not processed, and a budget
 * keeps retries a small share of the traffic, so that they cannot bring down what is ill already. Immutable.
 */
public final class RetryPolicy extends View {
    /** The failures. */
    public static final Option<List<RetryOn>> ON = Option.of(
                    "on",
                    OptionTypes.list(OptionTypes.oneOf(RetryOn.class)),
                    "Failures after which a request is sent again.")
            .defaultsTo(List.of(RetryOn.CONNECT_FAILURE, RetryOn.REFUSED, RetryOn.RESET))
            .build();

    /** The statuses. */
    public static final Option<List<StatusRange>> STATUSES = Option.of(
                    "statuses",
                    OptionTypes.list(ModelTypes.statusRange()),
                    "Statuses after which an idempotent request is sent again.")
            .defaultsTo(List.of())
            .build();

    /** How often. */
    public static final Option<Integer> COUNT = Option.of(
                    "count", OptionTypes.integer(0, 100), "Most times that a request is sent again; 0 for never.")
            .defaultsTo(2)
            .build();

    /** The first back-off. */
    public static final Option<Duration> BACKOFF_BASE = Option.of(
                    "backoff_base",
                    ModelTypes.time(),
                    "Wait before the first retry, doubled for each further one; a request that was provably not processed does not wait.")
            .defaultsTo(Duration.ofMillis(25))
            .build();

    /** The longest back-off. */
    public static final Option<Duration> BACKOFF_MAX = Option.of(
                    "backoff_max", ModelTypes.time(), "Longest wait before a retry.")
            .defaultsTo(Duration.ofMillis(250))
            .build();

    /** The randomness of the back-off. */
    public static final Option<Double> JITTER = Option.of(
                    "jitter", OptionTypes.ratio(), "Share of each wait that is random.")
            .defaultsTo(1.0)
            .build();

    /** The share of retries. */
    public static final Option<Double> BUDGET = Option.of(
                    "budget", OptionTypes.ratio(), "Retries as a share of the requests of the last ten seconds.")
            .defaultsTo(0.2)
            .build();

    /** The retries that are always allowed. */
    public static final Option<Integer> BUDGET_MIN_PER_SECOND = Option.of(
                    "budget_min_per_second",
                    OptionTypes.integer(0, 1_000_000),
                    "Retries per second that are allowed beyond the budget, so that little traffic has some.")
            .defaultsTo(10)
            .build();

    /** The body that is kept. */
    public static final Option<Long> MAX_BODY = Option.of(
                    "max_body",
                    OptionTypes.size(0, 1L << 20),
                    "Most of a request's body that is kept to be sent again; a larger one rules retries out once it has been sent.")
            .defaultsTo(64L << 10)
            .build();

    /** The options of a retry policy. */
    public static final Section SECTION = Section.of("retry", "When a request is sent again.")
            .options(ON, STATUSES, COUNT, BACKOFF_BASE, BACKOFF_MAX, JITTER, BUDGET, BUDGET_MIN_PER_SECOND, MAX_BODY)
            .rule((settings, scope) -> ListenerTls.requireOrder(settings, scope, BACKOFF_BASE, BACKOFF_MAX))
            .build();

    RetryPolicy(Settings settings) {
        super(settings);
    }

    /** Returns the failures after which a request is sent again; by default no connection, refused, and reset before the response began. */
    public Set<RetryOn> on() {
        Set<RetryOn> failures = EnumSet.noneOf(RetryOn.class);
        failures.addAll(settings().value(ON));
        return failures;
    }

    /** Returns the statuses after which an idempotent request is sent again; none by default. */
    public List<StatusRange> statuses() {
        return settings().value(STATUSES);
    }

    /** Returns how many times a request is sent again at the most; 2 by default. */
    public int count() {
        return settings().value(COUNT);
    }

    /**
     * Returns the wait before the first retry, doubled for each further one; 25 milliseconds by default. A request that was provably not
     * processed is sent elsewhere at once.
     */
    public Duration backoffBase() {
        return settings().value(BACKOFF_BASE);
    }

    /** Returns the longest wait; 250 milliseconds by default. */
    public Duration backoffMax() {
        return settings().value(BACKOFF_MAX);
    }

    /** Returns the share of each wait that is random, 0 to 1; 1 by default. */
    public double jitter() {
        return settings().value(JITTER);
    }

    /** Returns the retries as a share of the requests of the last ten seconds; 0.2 by default. */
    public double budget() {
        return settings().value(BUDGET);
    }

    /** Returns the retries per second that are allowed beyond the budget; 10 by default. */
    public int budgetMinPerSecond() {
        return settings().value(BUDGET_MIN_PER_SECOND);
    }

    /** Returns how many octets of a request's body are kept to be sent again; 64 KiB by default. */
    public int maxBody() {
        return settings().value(MAX_BODY).intValue();
    }
}
