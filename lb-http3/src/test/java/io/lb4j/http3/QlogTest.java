package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.LoadBalancer;
import io.lb4j.config.ConfigurationException;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What connections say of themselves in files. */
final class QlogTest {
    @TempDir
    private Path directory;

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void asManyConnectionsAsWereAskedForLeaveAFile() throws IOException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.qlog(directory, 2)))) {
            for (int i = 0; i < 3; i++) {
                try (H3Client client = H3Client.connect(edge.port())) {
                    assertThat(client.get("/gone").status()).isEqualTo(410);
                }
            }
        }
        assertThat(logs()).hasSize(2).allSatisfy(log -> {
            assertThat(log).hasExtension("qlog");
            assertThat(Files.readString(log)).contains("listener main").contains("packet_received");
        });
    }

    @Test
    void connectionsToEndpointsDoSoToo() throws IOException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge origin = Edge.before(upstream);
                LoadBalancer balancer = UpstreamTest.before(
                                origin.port(), Http3Upstream.of(http3 -> http3.qlog(directory, 1)))
                        .start();
                RawClient client = RawClient.connect(balancer.port())) {
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(logs())
                .singleElement()
                .satisfies(log -> assertThat(Files.readString(log)).contains("cluster api"));
    }

    @Test
    void thereIsNoneWhereNobodyHasAsked() throws IOException {
        try (ScriptedUpstream upstream = ScriptedUpstream.start();
                Edge edge = Edge.before(upstream);
                H3Client client = H3Client.connect(edge.port())) {
            assertThat(client.get("/gone").status()).isEqualTo(410);
        }
        assertThat(logs()).isEmpty();
        assertThatThrownBy(() -> Http3.of(http3 -> http3.qlog(directory.resolve("missing"), 1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("expected: a directory that can be written to");
    }
}
