package io.lb4j.testkit.junit;

import io.lb4j.ClusterBuilder;
import io.lb4j.EjectionBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.model.UpstreamProtocol;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A balancer that runs, with its upstreams. */
final class Bench implements AutoCloseable {
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(1);

    private final Plan plan;
    private final Map<String, Upstream> upstreams = new LinkedHashMap<>();
    private final AccessLog access = new AccessLog();
    private @Nullable LoadBalancer balancer;
    private boolean isUpdated;

    private Bench(Plan plan) {
        this.plan = plan;
    }

    /** Starts everything, or leaves nothing running. */
    static Bench start(Plan plan) {
        Bench bench = new Bench(plan);
        try {
            for (ClusterPlan cluster : plan.clusters()) {
                cluster.upstreams().forEach(bench::startUpstream);
            }
            bench.balancer = bench.builder(builder -> {}).start();
            return bench;
        } catch (RuntimeException e) {
            bench.close();
            throw e;
        }
    }

    private void startUpstream(UpstreamPlan asked) {
        if (upstreams.containsKey(asked.name())) {
            throw new IllegalArgumentException("upstream: " + asked.name() + ", twice (expected: names that differ)");
        }
        upstreams.put(asked.name(), asked.start());
    }

    private LoadBalancerBuilder builder(Consumer<? super LoadBalancerBuilder> more) {
        LoadBalancerBuilder builder = LoadBalancer.builder()
                .observer(access)
                .process(process -> process.eventLoops(2).drainTimeout(DRAIN_TIMEOUT));
        for (ClusterPlan cluster : plan.clusters()) {
            builder.cluster(cluster.name(), settings -> fill(settings, cluster));
        }
        plan.steps().forEach(step -> step.accept(builder));
        more.accept(builder);
        return builder;
    }

    private void fill(ClusterBuilder settings, ClusterPlan cluster) {
        settings.ejection(EjectionBuilder::off); // what one test provokes must not be felt in the next
        for (UpstreamPlan upstream : cluster.upstreams()) {
            settings.endpoint("127.0.0.1", running(upstream.name()).port());
            if (upstream instanceof UpstreamPlan.Http2) {
                settings.protocol(UpstreamProtocol.HTTP2);
            }
        }
        cluster.settings().forEach(step -> step.accept(settings));
    }

    LoadBalancer balancer() {
        if (balancer == null) {
            throw new IllegalStateException("balancer: not started (expected: serving)");
        }
        return balancer;
    }

    ScriptedUpstream http1(String name) {
        if (running(name) instanceof Upstream.Http1 upstream) {
            return upstream.server();
        }
        throw new IllegalArgumentException("upstream: " + name + " of HTTP/2 (expected: of HTTP/1.1)");
    }

    ScriptedH2Upstream http2(String name) {
        if (running(name) instanceof Upstream.Http2 upstream) {
            return upstream.server();
        }
        throw new IllegalArgumentException("upstream: " + name + " of HTTP/1.1 (expected: of HTTP/2)");
    }

    private Upstream running(String name) {
        Upstream upstream = upstreams.get(name);
        if (upstream == null) {
            throw new IllegalArgumentException("upstream: " + name + " (expected: one of " + upstreams.keySet() + ")");
        }
        return upstream;
    }

    List<AccessRecord> accessRecords() {
        return access.records();
    }

    AccessRecord awaitAccessRecord(Predicate<? super AccessRecord> wanted) {
        return access.await(wanted);
    }

    void update(Consumer<? super LoadBalancerBuilder> more) {
        isUpdated = true;
        balancer().update(builder(more).configuration());
    }

    /** Brings everything back to where it began, but for connections and statistics. */
    void reset() {
        if (isUpdated) {
            isUpdated = false;
            balancer().update(builder(builder -> {}).configuration());
        }
        upstreams.values().forEach(Upstream::reset);
        access.forget();
    }

    List<String> violations() {
        List<String> violations = new ArrayList<>();
        upstreams.forEach((name, upstream) ->
                upstream.violations().forEach(violation -> violations.add(name + ": " + violation)));
        return violations;
    }

    @Override
    public void close() {
        try {
            if (balancer != null) {
                balancer.close();
            }
        } finally {
            upstreams.values().forEach(Upstream::close);
        }
    }
}
