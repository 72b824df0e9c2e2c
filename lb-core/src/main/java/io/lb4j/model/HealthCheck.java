package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a cluster's endpoints are asked whether they are well. Immutable. */
public final class HealthCheck extends View {
    /** What is asked. */
    public enum Type {
        /** A request that has to be answered with one of some statuses. */
        HTTP,
        /** A connection that has to be accepted, and the TLS handshake where the cluster uses TLS. */
        TCP
    }

    /** What is asked. */
    public static final Option<Type> TYPE = Option.of(
                    "type", OptionTypes.oneOf(Type.class), "What is asked: a request, or a connection.")
            .defaultsTo(Type.HTTP)
            .build();

    /** The path of the request. */
    public static final Option<String> PATH = Option.of(
                    "path", ModelTypes.target(), "Path, with a query or without, of the request.")
            .defaultsTo("/")
            .build();

    /** The host of the request. */
    public static final Option<String> HOST = Option.of("host", ModelTypes.authority(), "Host that the request is for.")
            .absentMeans("the endpoint's address")
            .build();

    /** The statuses that say well. */
    public static final Option<List<StatusRange>> STATUSES = Option.of(
                    "statuses",
                    OptionTypes.list(ModelTypes.statusRange()),
                    "Statuses that say that the endpoint is well.")
            .defaultsTo(List.of(StatusRange.SUCCESSFUL))
            .build();

    /** The time between checks. */
    public static final Option<Duration> INTERVAL = Option.of(
                    "interval", OptionTypes.duration(Duration.ofMillis(10)), "Time between two checks of an endpoint.")
            .defaultsTo(Duration.ofSeconds(10))
            .build();

    /** The randomness of that time. */
    public static final Option<Double> JITTER = Option.of(
                    "jitter", OptionTypes.ratio(), "Share of the interval that is random, so that checks spread out.")
            .defaultsTo(0.1)
            .build();

    /** How long a check may take. */
    public static final Option<Duration> TIMEOUT = Option.of("timeout", ModelTypes.time(), "How long a check may take.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    /** How many good checks make an endpoint well. */
    public static final Option<Integer> RISE = Option.of(
                    "rise", OptionTypes.integer(1, 1000), "Good checks in a row that make an endpoint well.")
            .defaultsTo(2)
            .build();

    /** How many bad checks make it unwell. */
    public static final Option<Integer> FALL = Option.of(
                    "fall", OptionTypes.integer(1, 1000), "Bad checks in a row that make an endpoint unwell.")
            .defaultsTo(3)
            .build();

    /** The options of a health check. */
    public static final Section SECTION = Section.of("health", "How endpoints are asked whether they are well.")
            .options(TYPE, PATH, HOST, STATUSES, INTERVAL, JITTER, TIMEOUT, RISE, FALL)
            .build();

    HealthCheck(Settings settings) {
        super(settings);
    }

    /** Returns what is asked; a request by default. */
    public Type type() {
        return settings().value(TYPE);
    }

    /** Returns the request's path, with a query or without; {@code /} by default. */
    public String path() {
        return settings().value(PATH);
    }

    /** Returns the host that the request is for; by default it is the endpoint's address. */
    public Optional<String> host() {
        return settings().find(HOST);
    }

    /** Returns the statuses that say that the endpoint is well; 200 to 299 by default. */
    public List<StatusRange> statuses() {
        return settings().value(STATUSES);
    }

    /** Returns whether a status says that the endpoint is well. */
    public boolean isHealthy(int status) {
        return statuses().stream().anyMatch(range -> range.contains(status));
    }

    /** Returns the time between two checks; 10 seconds by default. */
    public Duration interval() {
        return settings().value(INTERVAL);
    }

    /** Returns the share of the interval that is random, 0 to 1; 0.1 by default. */
    public double jitter() {
        return settings().value(JITTER);
    }

    /** Returns how long a check may take; 5 seconds by default. */
    public Duration timeout() {
        return settings().value(TIMEOUT);
    }

    /** Returns how many good checks in a row make an endpoint well; 2 by default. */
    public int rise() {
        return settings().value(RISE);
    }

    /** Returns how many bad checks in a row make an endpoint unwell; 3 by default. */
    public int fall() {
        return settings().value(FALL);
    }
}
