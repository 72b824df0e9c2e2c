package io.lb4j.it.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.lb4j.LoadBalancer;
import io.lb4j.it.fixture.Command;
import io.lb4j.it.peers.Between.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Autobahn's suite for WebSockets, run against a server of Jetty's directly and through balancers over HTTP/1.1 and HTTP/2: no case may
 * end in another way because a balancer stands between.
 */
final class AutobahnTest {
    private static final Path SUITE = Path.of("target/suites/autobahn").toAbsolutePath();
    private static final String PROGRAM = """
            import sys
            sys.path.insert(0, sys.argv[1])
            sys.argv = ['wstest', '-m', 'fuzzingclient', '-s', sys.argv[2]]
            from autobahntestsuite import wstest
            wstest.run()
            """;

    @TempDir
    private Path folder;

    /** Framing, pings, fragments and closing: what a tunnel could get wrong in a small way. */
    @Test
    @Timeout(480)
    void someCasesEndAsTheyDoWithoutABalancer() throws Exception {
        run(400, "\"1.1.*\", \"2.*\", \"5.*\", \"7.1.*\"", 40);
    }

    @Test
    @Tag("full")
    @Timeout(1_800)
    void allCasesEndAsTheyDoWithoutABalancer() throws Exception {
        run(1_700, "\"*\"", 500);
    }

    private void run(long seconds, String cases, int atLeast) throws Exception {
        try (JettyEcho server = new JettyEcho(true);
                LoadBalancer http1 = Between.start(Origin.http1(server.plainPort()));
                LoadBalancer http2 = Between.start(Origin.http2(server.plainPort()))) {
            Path reports = folder.resolve("reports");
            Path specification = Files.writeString(folder.resolve("fuzzingclient.json"), """
            {
              "options": {"failByDrop": false},
              "outdir": "%s",
              "servers": [
                {"agent": "direct", "url": "ws://127.0.0.1:%d", "options": {"version": 18}},
                {"agent": "http1", "url": "ws://127.0.0.1:%d", "options": {"version": 18}},
                {"agent": "http2", "url": "ws://127.0.0.1:%d", "options": {"version": 18}}
              ],
              "cases": [%s],
              "exclude-cases": [],
              "exclude-agent-cases": {}
            }
            """.formatted(
                            reports, server.plainPort(), Between.plainPort(http1), Between.plainPort(http2), cases));
            Command.Ended ended = fuzz(seconds, specification);

            Map<String, Map<String, String>> outcomes = outcomes(reports.resolve("index.json"), ended.output());
            Map<String, String> direct = outcomes.getOrDefault("direct", Map.of());
            assertThat(direct).as(ended.output()).hasSizeGreaterThanOrEqualTo(atLeast);
            assertThat(outcomes.get("http1")).isEqualTo(direct);
            assertThat(outcomes.get("http2")).isEqualTo(direct);
            assertThat(direct.values()).noneMatch(outcome -> outcome.startsWith("FAILED"));
        }
    }

    private Command.Ended fuzz(long seconds, Path specification) throws IOException {
        Path program = Files.writeString(folder.resolve("fuzz.py"), PROGRAM);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Command.runAnyhow(
                seconds,
                java,
                "-Xmx512m",
                "-Dpython.cachedir=" + folder.resolve("cache"),
                "-cp",
                SUITE.resolve("jython-standalone.jar").toString(),
                "org.python.util.jython",
                program.toString(),
                SUITE.resolve("autobahntestsuite-maven-plugin.jar").toString(),
                specification.toString());
    }

    /** Reads how each agent's cases ended. */
    private static Map<String, Map<String, String>> outcomes(Path index, String output) throws IOException {
        assertThat(index).as(output).exists();
        Map<String, Map<String, String>> outcomes = new LinkedHashMap<>();
        JsonObject agents = JsonParser.parseString(Files.readString(index)).getAsJsonObject();
        for (Map.Entry<String, JsonElement> agent : agents.entrySet()) {
            Map<String, String> cases = new TreeMap<>();
            for (Map.Entry<String, JsonElement> one :
                    agent.getValue().getAsJsonObject().entrySet()) {
                JsonObject report = one.getValue().getAsJsonObject();
                cases.put(
                        one.getKey(),
                        report.get("behavior").getAsString() + ", closed "
                                + report.get("behaviorClose").getAsString());
            }
            outcomes.put(agent.getKey(), cases);
        }
        return outcomes;
    }
}
