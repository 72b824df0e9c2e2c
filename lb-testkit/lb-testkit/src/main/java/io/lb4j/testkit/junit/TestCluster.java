package io.lb4j.testkit.junit;

import io.lb4j.ClusterBuilder;
import io.lb4j.testkit.http.Script;
import io.lb4j.testkit.http2.H2Script;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Says which scripted upstreams a cluster has, all of one protocol. A builder, confined to one thread.
 *
 * <p>Scripts are written anew for each test, so whoever writes one must not rely on being called once.
 */
public final class TestCluster {
    private final String name;
    private final List<UpstreamPlan> upstreams = new ArrayList<>();
    private final List<Consumer<? super ClusterBuilder>> settings = new ArrayList<>();

    TestCluster(String name) {
        this.name = name;
    }

    /** Adds an HTTP/1.1 upstream that answers 200 to everything. Default: none. */
    public TestCluster upstream(String upstream) {
        return upstream(upstream, script -> script.onAny().answer(200));
    }

    /** Adds an HTTP/1.1 upstream; it sends its name as {@code x-upstream} with every answer. Default: none. */
    public TestCluster upstream(String upstream, Consumer<? super Script> script) {
        upstreams.add(new UpstreamPlan.Http1(upstream, script));
        return this;
    }

    /** Adds an HTTP/2 upstream; it sends its name as {@code x-upstream} with every answer. Default: none. */
    public TestCluster h2Upstream(String upstream, Consumer<? super H2Script> script) {
        upstreams.add(new UpstreamPlan.Http2(upstream, script));
        return this;
    }

    /** Says anything else of the cluster: its policy, health checks, TLS. Default: a cluster's own, but no ejection. */
    public TestCluster settings(Consumer<? super ClusterBuilder> more) {
        settings.add(more);
        return this;
    }

    ClusterPlan plan() {
        long http2 =
                upstreams.stream().filter(UpstreamPlan.Http2.class::isInstance).count();
        if (upstreams.isEmpty() || (http2 > 0 && http2 < upstreams.size())) {
            throw new IllegalArgumentException("cluster " + name + ": " + upstreams.size() + " upstreams, " + http2
                    + " of them of HTTP/2 (expected: at least one, and one protocol)");
        }
        return new ClusterPlan(name, upstreams, settings);
    }
}
