package io.lb4j.it.life;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What exchanges see of configurations, and what they keep of them. */
@Isolated("counts objects of the whole process")
final class SnapshotsTest {
    private static final String GET = "GET /x/1 HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final List<String> OF_A_SNAPSHOT =
            List.of("io.lb4j.internal.snapshot.Snapshot", "io.lb4j.internal.route.Router");

    /** Two routes whose requests tell which configuration they went by, and two clusters whose endpoints do. */
    private static LoadBalancerBuilder configuration(String name, ScriptedUpstream upstream) {
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .cluster("x", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                .cluster("y", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                .route("x", route -> route.path("/x/**").to("x").rewrite(to -> to.prefix("/" + name)))
                .route("y", route -> route.path("/y/**").to("y").rewrite(to -> to.prefix("/" + name)))
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)));
    }

    @Test
    void noRequestSeesTheRoutesOfOneConfigurationAndTheEndpointsOfAnother() {
        try (ScriptedUpstream even = ScriptedUpstream.start();
                ScriptedUpstream odd = ScriptedUpstream.start();
                LoadBalancer lb = configuration("even", even).start()) {
            AtomicBoolean over = new AtomicBoolean();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (String path : List.of("/x/1", "/x/2", "/y/1", "/y/2")) {
                clients.add(CompletableFuture.runAsync(
                        () -> askUntil(over, lb.port(), path), task -> new Thread(task, "client").start()));
            }
            for (int i = 1; i <= 100; i++) {
                lb.update((i % 2 == 0 ? configuration("even", even) : configuration("odd", odd)).configuration());
                long before = even.requestCount() + odd.requestCount();
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> even.requestCount() + odd.requestCount() >= before + 8);
            }
            over.set(true);
            clients.forEach(CompletableFuture::join);

            assertThat(even.requests()).extracting(RecordedRequest::target).allMatch(to -> to.startsWith("/even/"));
            assertThat(odd.requests()).extracting(RecordedRequest::target).allMatch(to -> to.startsWith("/odd/"));
        }
    }

    private static void askUntil(AtomicBoolean over, int port, String path) {
        try (RawClient client = RawClient.connect(port)) {
            while (!over.get()) {
                client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void anExchangeThatLastsKeepsNoPastSnapshot() throws JMException {
        long others = objectsOf(OF_A_SNAPSHOT); // of balancers that have closed
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/first/1").upgrade("websocket");
                    script.onAny().answer(200);
                });
                LoadBalancer lb = configuration("first", upstream).start();
                RawClient chat = RawClient.connect(lb.port())) {
            chat.send("GET /x/1 HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
            assertThat(chat.readHead().status()).isEqualTo(101);
            for (String name : List.of("second", "third", "fourth")) {
                lb.update(configuration(name, upstream).configuration());
                try (RawClient client = RawClient.connect(lb.port())) {
                    assertThat(client.send(GET).readResponse().status()).isEqualTo(200);
                }
            }

            await().untilAsserted(() ->
                    assertThat(objectsOf(OF_A_SNAPSHOT)).isLessThanOrEqualTo(others + OF_A_SNAPSHOT.size()));
            chat.send("still here");
            assertThat(new String(chat.read(10), US_ASCII)).isEqualTo("still here");
        }
    }

    /** Counts the objects of some classes that can be reached: the virtual machine collects garbage first. */
    private static long objectsOf(List<String> classes) throws JMException {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {null},
                        new String[] {String[].class.getName()});
        return histogram
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(columns -> columns.length >= 4 && classes.contains(columns[3]))
                .mapToLong(columns -> Long.parseLong(columns[1]))
                .sum();
    }
}
