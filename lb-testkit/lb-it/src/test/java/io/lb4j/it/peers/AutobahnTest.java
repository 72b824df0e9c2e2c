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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
    @Timeout(900)
    void someCasesEndAsTheyDoWithoutABalancer() throws Exception {
        run(400, "\"1.1.*\", \"2.*\", \"5.*\", \"7.1.*\"", 40);
    }

    @Test
    @Tag("full")
    @Timeout(3_600)
    void allCasesEndAsTheyDoWithoutABalancer() throws Exception {
        run(1_700, "\"*\"", 500);
    }

    private void run(long seconds, String cases, int atLeast) throws Exception {
        try (JettyEcho server = new JettyEcho(true);
                LoadBalancer http1 = Between.start(Origin.http1(server.plainPort()));
                LoadBalancer http2 = Between.start(Origin.http2(server.plainPort()))) {
            List<Integer> ports = List.of(server.plainPort(), Between.plainPort(http1), Between.plainPort(http2));
            Outcomes outcomes = outcomes(seconds, ports, cases);
            assertThat(outcomes.direct).as(outcomes.output).hasSizeGreaterThanOrEqualTo(atLeast);
            // The suite waits for a second at times: where the machine stood still, these cases are tried again.
            for (int i = 0; i < 2 && !outcomes.amiss().isEmpty(); i++) {
                outcomes = outcomes(seconds, ports, "\"" + String.join("\", \"", outcomes.amiss()) + "\"");
            }
            assertThat(outcomes.http1).isEqualTo(outcomes.direct);
            assertThat(outcomes.http2).isEqualTo(outcomes.direct);
            assertThat(outcomes.direct.values()).noneMatch(outcome -> outcome.startsWith("FAILED"));
        }
    }

    /** How cases ended, by their numbers. */
    private record Outcomes(
            String output, Map<String, String> direct, Map<String, String> http1, Map<String, String> http2) {
        /** Returns the cases that failed, or ended otherwise than without a balancer. */
        Set<String> amiss() {
            Set<String> amiss = new TreeSet<>();
            direct.forEach((number, outcome) -> {
                if (outcome.startsWith("FAILED")
                        || !outcome.equals(http1.get(number))
                        || !outcome.equals(http2.get(number))) {
                    amiss.add(number);
                }
            });
            return amiss;
        }
    }

    private Outcomes outcomes(long seconds, List<Integer> ports, String cases) throws Exception {
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
                        reports, ports.get(0), ports.get(1), ports.get(2), cases));
        String output = fuzz(seconds, specification).output();
        Map<String, Map<String, String>> read = outcomes(reports.resolve("index.json"), output);
        return new Outcomes(
                output,
                read.getOrDefault("direct", Map.of()),
                read.getOrDefault("http1", Map.of()),
                read.getOrDefault("http2", Map.of()));
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
