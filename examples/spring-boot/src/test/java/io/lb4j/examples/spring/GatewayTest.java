package io.lb4j.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.leak.Threads;
import io.lb4j.testkit.time.Aside;
import io.netty.util.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

final class GatewayTest {
    /** How its threads are called that run tests. */
    private static final String JUNIT = "ForkJoinPool-";

    private static final String REQUEST = "GET /api/things HTTP/1.1\r\nHost: a.test\r\n\r\n";

    private static ConfigurableApplicationContext run(int port, int upstreamPort) {
        return SpringApplication.run(
                Gateway.class, "--gateway.port=" + port, "--gateway.endpoints=127.0.0.1:" + upstreamPort);
    }

    private static BalancerLifecycle lifecycle(ConfigurableApplicationContext context) {
        return context.getBean(BalancerLifecycle.class);
    }

    private static RawResponse ask(int port) {
        try (RawClient client = RawClient.connect(port)) {
            return client.send(REQUEST).readResponse();
        }
    }

    @Test
    void theBalancerStartsAndStopsWithTheContext() {
        Threads before = Threads.snapshot().ignoring(JUNIT);
        try (ScriptedUpstream upstream =
                ScriptedUpstream.start(script -> script.onAny().answer(200, "hello"))) {
            ConfigurableApplicationContext context = run(0, upstream.port());
            int port = lifecycle(context).balancer().port();
            assertThat(ask(port).text()).isEqualTo("hello");
            assertThat(upstream.awaitRequest().target()).isEqualTo("/things");

            context.stop();
            assertThat(lifecycle(context).isRunning()).isFalse();
            assertThatThrownBy(() -> ask(port)).isInstanceOf(UncheckedIOException.class);

            context.start();
            assertThat(ask(lifecycle(context).balancer().port()).text()).isEqualTo("hello");

            BalancerLifecycle last = lifecycle(context);
            context.close();
            assertThat(last.isRunning()).isFalse();
        }
        before.assertNoneLeft();
    }

    @Test
    void aRequestUnderWayIsFinishedBeforeTheContextIsClosed() throws Exception {
        try (ScriptedUpstream upstream =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200, "late"));
                ConfigurableApplicationContext context = run(0, upstream.port())) {
            int port = lifecycle(context).balancer().port();
            CompletableFuture<String> answer =
                    CompletableFuture.supplyAsync(() -> ask(port).text(), Aside.THREAD);
            upstream.awaitRequest();

            CompletableFuture<Void> closing = CompletableFuture.runAsync(context::close, Aside.THREAD);
            await().untilAsserted(() ->
                    assertThatThrownBy(() -> RawClient.connect(port).close()).isInstanceOf(UncheckedIOException.class));
            assertThat(closing).isNotDone();
            upstream.release();

            assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo("late");
            closing.get(30, TimeUnit.SECONDS);
            assertThat(context.isActive()).isFalse();
        }
    }

    @Test
    void aPortThatIsTakenKeepsTheApplicationFromStarting() throws IOException {
        Threads before = Threads.snapshot().ignoring(JUNIT);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> run(taken.getLocalPort(), 9).close()).hasRootCauseInstanceOf(BindException.class);
        }
        before.assertNoneLeft();
    }

    @Test
    void springsOwnVersionsLeaveOneNetty() {
        assertThat(Version.identify().values().stream()
                        .map(Version::artifactVersion)
                        .distinct())
                .hasSize(1);
    }
}
