package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.server.life.Outcome;
import io.lb4j.stats.ListenerStatistics;
import io.lb4j.stats.TrafficStatistics;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that changes again and again costs none of the requests that come meanwhile, whatever they are spoken in, and no WebSocket that is open. */
final class ReloadTrafficTest {
    @TempDir
    Path folder;

    private final TestCertificates authority = TestCertificates.create();

    @BeforeEach
    void writeCertificate() {
        authority.server("localhost").writePem(folder, "server");
    }

    @Test
    void fortyReloadsCostNobodyAnything() throws IOException {
        reload(40);
    }

    @Test
    @Tag("full")
    void aThousandReloadsCostNobodyAnything() throws IOException {
        reload(1_000);
    }

    /** Routes, weights, plugins and the limits of both listeners change each time, and a third listener comes and goes. */
    private void write(ScriptedUpstream upstream, int number) throws IOException {
        String text = """
                listeners:
                  main: {port: 0, limits: {header_count: %1$d}}
                  secure:
                    port: 0
                    limits: {header_count: %1$d}
                    tls: {certificates: [{chain: server.crt, key: server.key}]}
                %2$s
                http3: {enabled: true}
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
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
            script.on("/chat").upgrade("websocket");
            script.onAny().answer(200, "ok");
        })) {
            write(upstream, 0);
            try (Server server = Server.start(ConfigurationFile.at(folder.resolve("lb4j.yaml")))) {
                List<Talk> talks = talks(server);
                for (int i = 1; i <= times; i++) {
                    write(upstream, i);
                    // The watch may have been faster.
                    assertThat(server.reload("test")).isNotInstanceOf(Outcome.Refused.class);
                    talks.forEach(Talk::awaitTurn);
                }
                assertThat(server.configurations().present().number()).isEqualTo(times + 1);
                assertNothingWasDropped(server.balancer().stats().listeners());
                talks.forEach(Talk::finish);
            }
        }
    }

    private List<Talk> talks(Server server) {
        int plain = server.balancer().address("main").getPort();
        int secure = server.balancer().address("secure").getPort();
        return List.of(
                Talk.http1(plain), Talk.webSocket(plain, "/chat"), Talk.http2(secure, authority), Talk.http3(secure));
    }

    /** Each client has come once: who had lost its connection would have come again. */
    private static void assertNothingWasDropped(Map<String, ListenerStatistics> listeners) {
        for (String name : List.of("main", "secure")) {
            ListenerStatistics listener = Objects.requireNonNull(listeners.get(name));
            assertThat(listener.connectionsAccepted()).as(name).isEqualTo(2);
            TrafficStatistics traffic = listener.traffic();
            assertThat(traffic.statusClasses().keySet()).as(name).isSubsetOf(1, 2);
            assertThat(traffic.failures()).as(name).isEmpty();
            assertThat(traffic.retries()).as(name).isZero();
        }
    }
}
