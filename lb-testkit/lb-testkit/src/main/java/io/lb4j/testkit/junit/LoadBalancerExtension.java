package io.lb4j.testkit.junit;

import io.lb4j.ListenerBuilder;
import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.RouteBuilder;
import io.lb4j.stats.AccessRecord;
import io.lb4j.stats.Statistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.Script;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Runs a balancer on free loopback ports, with scripted upstreams behind it, around the tests of a class.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final LoadBalancerExtension lb = LoadBalancerExtension.builder()
 *         .cluster("api", api -> api
 *                 .upstream("one", script -> script.onAny().answer(200))
 *                 .upstream("two", script -> script.onAny().reset()))
 *         .route(route -> route.path("/**").to("api"))
 *         .build();
 *
 * @Test
 * void aResetIsTriedElsewhere() {
 *     assertThat(lb.get("/").statusCode()).isEqualTo(200);
 *     assertThat(lb.upstream("one").requestCount()).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>In a static field it runs once for the class: before each test scripts, records and configuration are again as they were built,
 * connections stay. In an instance field it runs anew for each test. After each test it fails the test if an upstream saw anything
 * malformed, unless {@linkplain Builder#allowViolations() allowed}. A test method may have a parameter of type {@link LoadBalancer}.
 *
 * <p>With a static field the tests of the class must run one after the other, as JUnit does by default.
 */
public final class LoadBalancerExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private final Plan plan;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private @Nullable Bench bench; // confined to the thread that JUnit runs the class on
    private int classDepth; // likewise; nested classes begin within their outer one

    private LoadBalancerExtension(Plan plan) {
        this.plan = plan;
    }

    /** Begins to say what is run. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (classDepth++ == 0) {
            bench = Bench.start(plan);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (bench == null) {
            bench = Bench.start(plan);
        } else {
            bench.reset();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> violations =
                plan.allowsViolations() ? List.of() : running().violations();
        if (classDepth == 0) {
            close();
        }
        if (!violations.isEmpty()) {
            throw new AssertionError("upstreams saw (expected: nothing malformed):\n" + String.join("\n", violations));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--classDepth == 0) {
            close();
        }
    }

    private void close() {
        running().close();
        bench = null;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == LoadBalancer.class;
    }

    @Override
    public LoadBalancer resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return balancer();
    }

    private Bench running() {
        if (bench == null) {
            throw new IllegalStateException("balancer: not started (expected: used within a test)");
        }
        return bench;
    }

    /**
     * Returns the balancer, which serves.
     *
     * @throws IllegalStateException outside tests, as do all methods here but {@link #builder}
     */
    public LoadBalancer balancer() {
        return running().balancer();
    }

    /** Returns what the balancer has done since it was started. */
    public Statistics stats() {
        return balancer().stats();
    }

    /** Returns the TCP port of the first listener, on 127.0.0.1. */
    public int port() {
        return balancer().port();
    }

    /** Returns the TCP port of a listener. */
    public int port(String listener) {
        return balancer().address(listener).getPort();
    }

    /** Returns the URI of a target at the first listener, with scheme {@code http}. */
    public URI uri(String target) {
        return URI.create("http://127.0.0.1:" + port() + target);
    }

    /**
     * Sends a GET to the first listener over HTTP/1.1, without following redirects.
     *
     * @param target path and query
     * @return the whole response
     * @throws UncheckedIOException if there is none
     */
    public HttpResponse<String> get(String target) {
        return send(HttpRequest.newBuilder(uri(target)));
    }

    /**
     * Sends a request by the JDK's client, over HTTP/1.1 unless the request says otherwise, without following redirects.
     *
     * @param request with a {@link #uri}
     * @return the whole response
     * @throws UncheckedIOException if there is none
     */
    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a response", e);
        }
    }

    /** Connects to the first listener, to send bytes exactly; the caller closes the client. */
    public RawClient connect() {
        return RawClient.connect(port());
    }

    /**
     * Returns an HTTP/1.1 upstream with its record of what it saw.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public ScriptedUpstream upstream(String name) {
        return running().http1(name);
    }

    /**
     * Returns an HTTP/2 upstream with its record of what it saw.
     *
     * @throws IllegalArgumentException if there is none of this name
     */
    public ScriptedH2Upstream h2Upstream(String name) {
        return running().http2(name);
    }

    /** Returns the records of the exchanges that have ended in this test, in that order. */
    public List<AccessRecord> accessRecords() {
        return running().accessRecords();
    }

    /**
     * Waits for an exchange to end, up to ten seconds: a client may have its response a moment before.
     *
     * @param wanted looks at all records of this test, those of the past first
     * @throws io.lb4j.testkit.net.WireFailure if none comes
     */
    public AccessRecord awaitAccessRecord(Predicate<? super AccessRecord> wanted) {
        return running().awaitAccessRecord(wanted);
    }

    /**
     * Puts another configuration in force until the end of the test: what was built, and something more.
     *
     * @param more called once, now
     */
    public void update(Consumer<? super LoadBalancerBuilder> more) {
        running().update(more);
    }

    /** Says what is run. Confined to one thread. */
    public static final class Builder {
        private final List<ClusterPlan> clusters = new ArrayList<>();
        private final List<Consumer<LoadBalancerBuilder>> steps = new ArrayList<>();
        private boolean hasListener;
        private boolean hasRoute;
        private boolean allowsViolations;

        private Builder() {}

        /** Adds a cluster of scripted upstreams. Default: none. */
        public Builder cluster(String name, Consumer<? super TestCluster> cluster) {
            TestCluster filled = new TestCluster(name);
            cluster.accept(filled);
            clusters.add(filled.plan());
            return this;
        }

        /** Adds a cluster of one HTTP/1.1 upstream, both under one name. Default: none. */
        public Builder upstream(String name, Consumer<? super Script> script) {
            return cluster(name, cluster -> cluster.upstream(name, script));
        }

        /** Adds a listener. Default: {@code main}, without TLS, on a free port. */
        public Builder listener(String name, Consumer<? super ListenerBuilder> listener) {
            hasListener = true;
            return balancer(builder -> builder.listener(name, listener));
        }

        /** Adds a route. Default: one that sends everything to the first cluster. */
        public Builder route(Consumer<? super RouteBuilder> route) {
            hasRoute = true;
            return balancer(builder -> builder.route(route));
        }

        /** Says anything else of the balancer; called for each start and {@link #update}. Default: two event loops. */
        public Builder balancer(Consumer<LoadBalancerBuilder> step) {
            steps.add(step);
            return this;
        }

        /** Lets tests pass in which upstreams saw something malformed. Default: such tests fail. */
        public Builder allowViolations() {
            allowsViolations = true;
            return this;
        }

        /** Ends it; nothing is started before JUnit runs the class. */
        public LoadBalancerExtension build() {
            List<Consumer<LoadBalancerBuilder>> all = new ArrayList<>(steps);
            if (!hasListener) {
                all.add(builder -> builder.listener("main", listener -> listener.port(0)));
            }
            if (!hasRoute && !clusters.isEmpty()) {
                String first = clusters.get(0).name();
                all.add(builder -> builder.route(route -> route.path("/**").to(first)));
            }
            return new LoadBalancerExtension(new Plan(clusters, all, allowsViolations));
        }
    }
}
