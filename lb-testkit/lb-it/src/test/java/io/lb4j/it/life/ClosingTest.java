package io.lb4j.it.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.model.Configuration;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Actions;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.DiscoveryContext;
import io.lb4j.spi.Observer;
import io.lb4j.stats.AccessRecord;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.leak.Descriptors;
import io.lb4j.testkit.leak.DirectMemory;
import io.lb4j.testkit.leak.Threads;
import io.lb4j.testkit.leak.TrackedResources;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** However a balancer comes to its end, nothing of it is left. */
@Isolated("looks at all threads and descriptors of the process")
final class ClosingTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final Duration SOON = Duration.ofSeconds(30); // sooner than any drain timeout here

    private final Threads threads =
            Threads.snapshot().ignoring("ForkJoinPool-").ignoring("aside"); // of JUnit, and of these tests
    private final Descriptors descriptors = Descriptors.snapshot();

    @AfterEach
    void nothingIsLeft() {
        threads.assertNoneLeft();
        descriptors.assertNoneLeft();
    }

    private static LoadBalancerBuilder answering() {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .route("here", route -> route.path("/here").respond(200))
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofMinutes(3)));
    }

    private static LoadBalancerBuilder before(ScriptedUpstream upstream) {
        return answering()
                .cluster(
                        "api",
                        cluster -> cluster.endpoint("127.0.0.1", upstream.port())
                                .health(check -> check.http("/healthz").interval(Duration.ofSeconds(60))))
                .route("api", route -> route.path("/**").to("api"));
    }

    private static Duration timeOf(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void idleConnectionsHoldNothingUp() throws IOException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                LoadBalancer lb = before(upstream)
                        .listener("tls", listener -> listener.port(0).tls(tls -> tls.selfSigned("a.test")))
                        .start();
                RawClient plain = RawClient.connect(lb.port());
                RawClient secured = RawClient.connect(
                        lb.address("tls").getPort(), ClientTls.trustAll().serverName("a.test"));
                RawH2Client streams = RawH2Client.connect(lb.port());
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), lb.port());
                Socket unsecured = new Socket(
                        InetAddress.getLoopbackAddress(), lb.address("tls").getPort())) {
            assertThat(plain.send(GET).readResponse().status()).isEqualTo(200);
            assertThat(secured.send(GET).readResponse().status()).isEqualTo(200);
            assertThat(streams.get("/").status()).isEqualTo(200);
            await().until(() -> Objects.requireNonNull(lb.stats().listeners().get("main"))
                                    .connectionsOpen()
                            == 3
                    && Objects.requireNonNull(lb.stats().listeners().get("tls")).connectionsOpen() == 2);

            assertThat(timeOf(lb::close)).isLessThan(SOON);

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            assertThat(unsecured.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void whatIsUnderWayIsCutWhenTheTimeIsUp() {
        try (ScriptedUpstream stuck =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                LoadBalancer lb = before(stuck)
                        .process(process -> process.drainTimeout(Duration.ofMillis(200)))
                        .start();
                RawClient client = RawClient.connect(lb.port());
                RawH2Client streams = RawH2Client.connect(lb.port())) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nbegun");
            streams.open(streams.head("GET", "/y"), true);
            stuck.awaitRequest(request -> request.target().equals("/x"));
            stuck.awaitRequest(request -> request.target().equals("/y"));

            assertThat(timeOf(lb::close)).isBetween(Duration.ofMillis(200), SOON);

            client.expectClose();
            streams.awaitClose();
        }
    }

    @Test
    void manyStartsAndEndsReserveNoMoreDirectMemoryThanAFew() {
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            startAndClose(upstream, 3);
            DirectMemory reserved = DirectMemory.now();
            TrackedResources resources = TrackedResources.snapshot();

            startAndClose(upstream, 10);

            reserved.assertNoGrowth(0, SOON);
            resources.assertNoneLeft();
        }
    }

    private static void startAndClose(ScriptedUpstream upstream, int times) {
        for (int i = 0; i < times; i++) {
            try (LoadBalancer lb = before(upstream).start();
                    RawClient client = RawClient.connect(lb.port())) {
                assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void whoClosesItTwiceOrTogetherWaitsForOneEnd() {
        LoadBalancer lb = answering().start();
        List<CompletableFuture<Void>> closing = List.of(
                CompletableFuture.runAsync(lb::close, Aside.THREAD),
                CompletableFuture.runAsync(lb::close, Aside.THREAD));

        closing.forEach(CompletableFuture::join);
        lb.close();

        threads.assertNoneLeft(Duration.ofMillis(1));
    }

    @Test
    void itIsNotClosedByAThreadOfItsOwn() {
        AtomicReference<LoadBalancer> own = new AtomicReference<>();
        CompletableFuture<Throwable> onLoop = new CompletableFuture<>();
        CompletableFuture<Throwable> onEvents = new CompletableFuture<>();
        Observer observer = new Observer() {
            @Override
            public void onAccess(AccessRecord access) {
                onLoop.complete(failureOf(() -> own.get().close()));
            }

            @Override
            public void onControl(ControlEvent event) {
                if (event instanceof ControlEvent.ConfigurationRefused) {
                    onEvents.complete(failureOf(() -> own.get().close()));
                }
            }
        };
        try (LoadBalancer lb = answering().observer(observer).start();
                RawClient client = RawClient.connect(lb.port())) {
            own.set(lb);
            client.send(GET).readResponse();
            assertThat(onLoop.join()).hasMessageStartingWith("close: called on thread lb4j-loop-");
            assertThatThrownBy(() -> lb.update(unbindable())).hasMessageContaining("nowhere");
            assertThat(onEvents.join()).hasMessageStartingWith("close: called on thread lb4j-events-");
            assertThat(client.send(GET).readResponse().status()).isEqualTo(404);
        }
    }

    private static Configuration unbindable() {
        return answering()
                .listener("nowhere", listener -> listener.host("192.0.2.1").port(9))
                .configuration();
    }

    private static Throwable failureOf(Runnable action) {
        try {
            action.run();
            return new AssertionError("it was done (expected: refused)");
        } catch (IllegalStateException refused) {
            return refused;
        }
    }

    @Test
    void aStartThatWaitsForEndpointsFailsWhenItIsClosed() {
        try (Silent silent = new Silent()) {
            LoadBalancer lb = awaiting(silent).build();
            CompletableFuture<?> starting = CompletableFuture.runAsync(lb::start, Aside.THREAD);
            silent.watched.join();

            assertThat(timeOf(lb::close)).isLessThan(SOON);

            assertThatThrownBy(starting::join)
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("clos");
            assertThatThrownBy(lb::start).hasMessageContaining("closed");
        }
    }

    @Test
    void anUpdateThatWaitsForEndpointsFailsWhenItIsClosed() {
        try (Silent silent = new Silent()) {
            LoadBalancer lb = answering().start();
            Configuration next = awaiting(silent).configuration();
            CompletableFuture<?> updating = CompletableFuture.runAsync(() -> lb.update(next), Aside.THREAD);
            silent.watched.join();

            assertThat(timeOf(lb::close)).isLessThan(SOON);

            assertThatThrownBy(updating::join)
                    .isInstanceOf(CompletionException.class)
                    .hasMessageContaining("clos");
        }
    }

    private static LoadBalancerBuilder awaiting(Silent silent) {
        return answering()
                .cluster(
                        "api",
                        cluster -> cluster.discovery(
                                found -> found.provider(silent).initialWait(Duration.ofMinutes(3))));
    }

    @Test
    void aStartThatFailsLeavesNothing() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedUpstream upstream = ScriptedUpstream.start()) {
            LoadBalancer lb = before(upstream)
                    .listener("taken", listener -> listener.port(taken.getLocalPort()))
                    .build();

            assertThatThrownBy(lb::start).hasMessageContaining("taken");

            threads.ignoring("scripted-upstream").assertNoneLeft();
        }
    }

    @Test
    void anInterruptedCloserWaitsForNoExchangeButForTheEnd() {
        try (ScriptedUpstream stuck =
                        ScriptedUpstream.start(script -> script.onAny().stall());
                LoadBalancer lb = before(stuck).start();
                RawClient client = RawClient.connect(lb.port())) {
            client.send(GET);
            stuck.awaitRequest(request -> request.target().equals("/"));

            Thread.currentThread().interrupt();
            Duration time = timeOf(lb::close);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(time).isLessThan(SOON);
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("lb4j-"));
        }
    }

    @Test
    void nothingIsAskedOfABalancerThatIsClosed() {
        LoadBalancer lb = answering().start();
        Actions actions = lb.actions();
        lb.close();

        assertThatThrownBy(lb::stats).hasMessage("balancer: closed (expected: serving)");
        assertThatThrownBy(lb::actions).hasMessage("balancer: closed (expected: serving)");
        assertThatThrownBy(lb::port).hasMessage("balancer: closed (expected: serving)");
        assertThatThrownBy(() -> lb.update(answering().configuration()))
                .hasMessage("balancer: closed (expected: serving)");
        assertThatThrownBy(() -> actions.drain("api", "127.0.0.1:1"))
                .hasMessage("balancer: closed (expected: serving)");
    }

    /** A source that says nothing. */
    private static final class Silent implements Discovery {
        private final CompletableFuture<Void> watched = new CompletableFuture<>();

        @Override
        public List<Endpoint> discover() {
            return List.of();
        }

        @Override
        public void watch(DiscoveryContext context, Listener listener) {
            watched.complete(null);
        }

        @Override
        public void close() {}
    }
}
