package io.lb4j.it.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.Aside;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("looks at all threads of the process")
final class CloseTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void letsARequestUnderWayFinishAndTakesNoOther() {
        try (ScriptedUpstream slow =
                        ScriptedUpstream.start(script -> script.onAny().stall().answer(200, "whole"));
                LoadBalancer lb = Balancers.configured(List.of(slow), route -> {})
                        .process(process -> process.eventLoops(1).drainTimeout(Duration.ofMinutes(1)))
                        .start();
                RawClient client = RawClient.connect(lb.port());
                RawClient idle = RawClient.connect(lb.port())) {
            client.send(GET);
            slow.awaitRequest();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(lb::close, Aside.THREAD);
            idle.expectClose(); // on the same loop: it drains
            slow.release();

            RawResponse response = client.readResponse();

            assertThat(response.text()).isEqualTo("whole");
            assertThat(response.headers().first("connection")).contains("close");
            closing.join();
        }
    }

    @Test
    void leavesNoThreadOfItsOwn() {
        Set<String> before = ownThreads();
        try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
            try (LoadBalancer lb = Balancers.before(upstream);
                    RawClient client = RawClient.connect(lb.port())) {
                client.send(GET).readResponse();
                assertThat(ownThreads()).isNotEqualTo(before);
            }

            assertThat(ownThreads()).isEqualTo(before);
        }
    }

    private static Set<String> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("lb4j-"))
                .collect(Collectors.toSet());
    }

    @Test
    void aStartThatFailsLeavesNothingRunningAndSaysWhatIsWrong() throws IOException {
        Set<String> before = ownThreads();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LoadBalancer lb = LoadBalancer.builder()
                    .listener("main", listener -> listener.port(taken.getLocalPort()))
                    .build();

            assertThatThrownBy(lb::start)
                    .hasMessageContaining("main")
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));

            assertThat(ownThreads()).isEqualTo(before);
        }
    }
}
