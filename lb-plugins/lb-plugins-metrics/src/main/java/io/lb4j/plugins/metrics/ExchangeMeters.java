package io.lb4j.plugins.metrics;

import io.lb4j.config.Settings;
import io.lb4j.http.Method;
import io.lb4j.stats.AccessRecord;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The meters of exchanges. There is a bounded number of series, whatever clients send: methods that nobody has registered are one, and combinations
 * beyond the bound are one. Thread-safe.
 */
final class ExchangeMeters {
    private static final String OTHER = "other";
    private static final String NONE = "none";
    private static final String ALL = ""; // which Prometheus takes for no label
    private static final Set<Method> METHODS = Set.of(
            Method.GET,
            Method.HEAD,
            Method.POST,
            Method.PUT,
            Method.DELETE,
            Method.CONNECT,
            Method.OPTIONS,
            Method.TRACE,
            Method.PATCH,
            Method.QUERY);

    /** Where an exchange came by and went to. */
    private record Way(String listener, String route, String cluster, String endpoint) {
        private static final Way BEYOND = new Way(OTHER, OTHER, OTHER, OTHER);

        Tags tags(boolean withEndpoint) {
            Tags tags = Tags.of("listener", listener, "route", route, "cluster", cluster);
            return withEndpoint ? tags.and("endpoint", endpoint) : tags;
        }
    }

    /** What distinguishes exchanges that are counted together from others. */
    private record Kind(Way way, String method, int status, String protocol) {
        private static final Kind BEYOND = new Kind(Way.BEYOND, OTHER, 0, OTHER);
    }

    /** What failed, and how. */
    private record Failure(Way way, String reason) {}

    /** The counters of a way. */
    private record Counters(Counter requestBody, Counter responseBody, Counter retries) {}

    private final MeterRegistry registry;
    private final Duration[] buckets;
    private final boolean endpoints;
    private final boolean labelsEndpoints;
    private final int maxSeries;
    private final ConcurrentHashMap<Kind, Timer> timers = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Way, Counters> counters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Failure, Counter> failures = new ConcurrentHashMap<>();
    private final AtomicInteger departures;
    private volatile Counter overflow;
    private volatile int seenDepartures;

    /**
     * Creates the meters.
     *
     * @param isShared whether others count in the same registry, who may or may not tell endpoints apart: a name has the same labels everywhere in a registry, so there is one for
     *     endpoints in any case
     */
    ExchangeMeters(MeterRegistry registry, Settings settings, boolean isShared) {
        this.registry = registry;
        buckets = settings.value(MetricsOptions.BUCKETS).toArray(new Duration[0]);
        endpoints = settings.value(MetricsOptions.ENDPOINTS);
        labelsEndpoints = endpoints || isShared;
        maxSeries = settings.value(MetricsOptions.MAX_SERIES);
        departures = Departures.from(registry);
        seenDepartures = departures.get();
        overflow = newOverflow();
    }

    void record(AccessRecord access) {
        if (departures.get() != seenDepartures) {
            registerAgain();
        }
        Way way = wayOf(access);
        Kind kind = new Kind(
                way,
                METHODS.contains(access.request().method())
                        ? access.request().method().name()
                        : OTHER,
                access.response().status(),
                access.request().version().toString());
        Timer timer = timers.get(kind);
        if (timer == null) {
            if (timers.size() >= maxSeries) {
                overflow.increment();
                kind = Kind.BEYOND;
                way = Way.BEYOND;
            }
            timer = timers.computeIfAbsent(kind, this::newTimer);
        }
        timer.record(access.response().duration());
        Counters counted = counters.computeIfAbsent(way, this::newCounters);
        counted.requestBody.increment((double) access.request().bytes());
        counted.responseBody.increment((double) access.response().bytes());
        counted.retries.increment(Math.max(0, access.upstream().tries() - 1));
        Way failed = way;
        access.response()
                .reason()
                .ifPresent(reason -> failures.computeIfAbsent(new Failure(failed, reason), this::newFailures)
                        .increment());
    }

    private Way wayOf(AccessRecord access) {
        AccessRecord.Upstream upstream = access.upstream();
        return new Way(
                access.connection().listener(),
                upstream.route().orElse(NONE),
                upstream.cluster().orElse(NONE),
                endpoints ? upstream.endpoint().orElse(NONE) : ALL);
    }

    /** Others that count in the same registry have gone, and have taken meters with them that were ours as well. */
    private synchronized void registerAgain() {
        seenDepartures = departures.get();
        overflow = newOverflow();
        timers.replaceAll((kind, gone) -> newTimer(kind));
        counters.replaceAll((way, gone) -> newCounters(way));
        failures.replaceAll((failure, gone) -> newFailures(failure));
    }

    private Counter newOverflow() {
        return Counter.builder("lb4j.series.overflow")
                .description("Exchanges that were counted with others because there were too many series")
                .register(registry);
    }

    private Timer newTimer(Kind kind) {
        return Timer.builder("lb4j.requests")
                .description("Exchanges, from the first octet of the request's head to the last of the response")
                .tags(kind.way.tags(labelsEndpoints))
                .tags("method", kind.method, "status", status(kind.status), "protocol", kind.protocol)
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private static String status(int status) {
        return status == 0 ? NONE : Integer.toString(status);
    }

    private Counters newCounters(Way way) {
        Tags tags = way.tags(labelsEndpoints);
        return new Counters(
                counter("lb4j.request.body", "Octets of requests' bodies", tags)
                        .baseUnit("bytes")
                        .register(registry),
                counter("lb4j.response.body", "Octets of responses' bodies", tags)
                        .baseUnit("bytes")
                        .register(registry),
                counter("lb4j.retries", "Tries beyond the first", tags).register(registry));
    }

    private Counter newFailures(Failure failure) {
        Tags tags = failure.way.tags(labelsEndpoints).and("reason", failure.reason);
        return counter("lb4j.failures", "Exchanges that have failed, by reason", tags)
                .register(registry);
    }

    private static Counter.Builder counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags);
    }

    /** Takes the meters out of the registry. */
    void close() {
        timers.values().forEach(registry::remove);
        counters.values().forEach(counted -> {
            registry.remove(counted.requestBody);
            registry.remove(counted.responseBody);
            registry.remove(counted.retries);
        });
        failures.values().forEach(registry::remove);
        registry.remove(overflow);
        departures.incrementAndGet();
    }
}
