package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.server.life.Outcome;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.time.Aside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that changes again and again while requests come costs none of them. */
final class ReloadTrafficTest {
    @TempDir
    Path folder;

    @Test
    void fortyReloadsCostNoRequest() throws IOException {
        reload(40);
    }

    @Test
    @Tag("full")
    void aThousandReloadsCostNoRequest() throws IOException {
        reload(1_000);
    }

    /** Routes, weights, plugins and limits change each time, and a second listener comes and goes. */
    private void write(ScriptedUpstream upstream, int number) throws IOException {
        String text = """
                listeners:
                  main: {port: 0, limits: {header_count: %1$d}}
                %2$s
                clusters: {api: {endpoints: [{host: 127.0.0.1, port: %3$d, weight: %1$d}]}}
                routes: [{name: "api-%1$d", path: /**, cluster: api}]
                plugins: {%4$s: {use: request_id}}
                """.formatted(
                100 + number, number % 2 == 0 ? "" : "  other: {port: 0}", upstream.port(), "ids-" + number % 3);
        Path next = Files.writeString(folder.resolve("next"), text);
        Files.move(
                next, folder.resolve("lb4j.yaml"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private void reload(int times) throws IOException {
        try (ScriptedUpstream upstream =
                ScriptedUpstream.start(script -> script.onAny().answer(200, "ok"))) {
            write(upstream, 0);
            try (Server server = Server.start(ConfigurationFile.at(folder.resolve("lb4j.yaml")))) {
                int port = server.balancer().port();
                CountDownLatch end = new CountDownLatch(1);
                AtomicInteger asked = new AtomicInteger();
                CompletableFuture<Void> one =
                        CompletableFuture.runAsync(() -> askUntil(end, port, asked), Aside.THREAD);
                CompletableFuture<Void> other =
                        CompletableFuture.runAsync(() -> askUntil(end, port, asked), Aside.THREAD);
                for (int i = 1; i <= times; i++) {
                    write(upstream, i);
                    // The watch may have been faster.
                    assertThat(server.reload("test")).isNotInstanceOf(Outcome.Refused.class);
                }
                end.countDown();
                CompletableFuture.allOf(one, other).join();
                assertThat(asked.get()).isGreaterThan(times);
                assertThat(server.configurations().present().number()).isEqualTo(times + 1);
            }
        }
    }

    /** One connection all the time: it has no reason to end. */
    private static void askUntil(CountDownLatch end, int port, AtomicInteger asked) {
        try (RawClient client = RawClient.connect(port)) {
            while (end.getCount() > 0) {
                assertThat(client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                                .readResponse()
                                .status())
                        .isEqualTo(200);
                asked.incrementAndGet();
            }
        }
    }
}
