package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lb4j.server.log.Logs;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process: how it starts, what it says, and how it ends. */
final class ProgramTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ADDRESS = Pattern.compile("main on 127\\.0\\.0\\.1:(\\d+)");

    @TempDir
    Path folder;

    /** A process, what it has written, and its end. */
    private final class Program implements AutoCloseable {
        private final Process process;
        private final Path out = folder.resolve("out.txt");

        Program(String... arguments) throws IOException {
            this(Main.class, arguments);
        }

        Program(Class<?> main, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
            if (Runtime.version().feature() >= 24) {
                command.add("--enable-native-access=ALL-UNNAMED"); // as the manifest of the distribution says
            }
            command.addAll(List.of(
                    "-cp",
                    System.getProperty("java.class.path").replace(File.pathSeparator + File.pathSeparator, ""),
                    main.getName()));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("NOTIFY_SOCKET", "/run/systemd/notify");
            builder.environment().put("PATH", folder + File.pathSeparator + System.getenv("PATH"));
            process = builder.directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
        }

        String output() {
            try {
                return Files.readString(out);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        int exitCode() throws InterruptedException {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("has ended; output: %s", output())
                    .isTrue();
            return process.exitValue();
        }

        int port() {
            await().atMost(PATIENCE).until(() -> ADDRESS.matcher(output()).find() || !process.isAlive());
            Matcher address = ADDRESS.matcher(output());
            assertThat(address.find()).as(output()).isTrue();
            return Integer.parseInt(address.group(1));
        }

        void signal(String name) throws IOException, InterruptedException {
            assertThat(new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void readsAgainOnHangUpAndFinishesWhatIsUnderWayWhenItIsAskedToEnd() throws Exception {
        try (ScriptedUpstream upstream = ScriptedUpstream.start(
                script -> script.onAny().delay(Duration.ofSeconds(2)).answer(200, "whole"))) {
            String text = """
                    listeners: {main: {port: 0}}
                    clusters: {api: {endpoints: ["127.0.0.1:%d"]}}
                    routes: [{cluster: api}]
                    """.formatted(upstream.port());
            Files.writeString(folder.resolve("lb4j.yaml"), text);
            Path notify = Files.writeString(folder.resolve("systemd-notify"), "#!/bin/sh\necho $1 >> told\n");
            assertThat(notify.toFile().setExecutable(true)).isTrue();
            try (Program program = new Program()) {
                int port = program.port();
                Files.writeString(folder.resolve("lb4j.yaml"), text + "  # nothing new\n");
                program.signal("HUP");
                await().atMost(PATIENCE).until(() -> program.output().contains("SIGHUP"));
                try (RawClient client = RawClient.connect(port)) {
                    client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
                    upstream.awaitRequest();
                    program.signal("TERM");
                    assertThat(client.readResponse().text()).isEqualTo("whole");
                }
                assertThat(program.exitCode()).isZero();
                assertThat(folder.resolve("told")).hasContent("--ready\nSTOPPING=1");
                assertThat(program.output().lines()).allSatisfy(line -> {
                    JsonNode json = new ObjectMapper().readTree(line);
                    assertThat(json.fieldNames())
                            .toIterable()
                            .startsWith("time", "level", "logger", "thread", "message");
                });
            }
        }
    }

    /** Logs as gRPC does, in a process whose logs have been taken over. */
    static final class LoggingByTheJdk {
        private LoggingByTheJdk() {}

        public static void main(String[] arguments) {
            Logs logs = Logs.open(false);
            java.util.logging.Logger.getLogger("io.grpc.Something").warning("a word of the library");
            logs.close();
        }
    }

    @Test
    void logsWhatLibrariesSayByTheJdksLoggersAsEverythingElse() throws Exception {
        try (Program program = new Program(LoggingByTheJdk.class)) {
            assertThat(program.exitCode()).as(program.output()).isZero();
            JsonNode line = new ObjectMapper().readTree(program.output());
            assertThat(line.path("logger").asText()).isEqualTo("io.grpc.Something");
            assertThat(line.path("level").asText()).isEqualToIgnoringCase("warn");
            assertThat(line.path("message").asText()).isEqualTo("a word of the library");
        }
    }

    /** A start takes its time where a registry has to be heard first. */
    @Test
    void isNotEndedByHangUpWhileItStartsAndEndsInPeaceWhenItIsAskedTo() throws Exception {
        try (ScriptedUpstream registry =
                ScriptedUpstream.start(script -> script.onAny().stall())) {
            Files.writeString(folder.resolve("lb4j.yaml"), """
                    listeners: {main: {port: 0}}
                    clusters: {api: {discovery: {initial_wait: 60s, providers: [{type: http, url: "http://127.0.0.1:%d/"}]}}}
                    http3: {enabled: false}
                    """.formatted(registry.port()));
            try (Program program = new Program()) {
                registry.awaitRequest();
                program.signal("HUP");
                program.signal("HUP");
                program.signal("TERM");

                assertThat(program.exitCode()).as(program.output()).isZero();
                assertThat(program.output())
                        .contains("asked to end before it has served")
                        .doesNotContain("DEBUG", "could not start", "\tat ");
            }
        }
    }

    @Test
    void saysAllThatIsWrongAndNothingOfItsInsides() throws Exception {
        Files.writeString(folder.resolve("lb4j.yaml"), "listeners: {main: {port: 99999}}\nroutes: [{cluster: a}]");
        try (Program program = new Program("lb4j.yaml")) {
            assertThat(program.exitCode()).isEqualTo(3);
            assertThat(program.output())
                    .startsWith("lb4j.yaml:1:26: listeners.main.port: 99999 (expected: 0..65535)\n")
                    .endsWith("2 faults\n")
                    .doesNotContain("\tat ", "Exception");
        }
    }

    /** Netty, whose classes a check loads, says a lot where nobody has configured logs. */
    @Test
    void printsWhatItWasAskedForAndNothingElse() throws Exception {
        Files.writeString(
                folder.resolve("lb4j.yaml"), "listeners: {main: {port: 0, tls: {self_signed: [a]}}}\nhttp3: {}");
        try (Program program = new Program("--check")) {
            assertThat(program.exitCode()).isZero();
            assertThat(program.output())
                    .isEqualTo("lb4j.yaml: no faults; listeners: 1, clusters: 0, routes: 0, plugins: 0\n");
        }
        try (Program program = new Program("--schema")) {
            assertThat(program.exitCode()).isZero();
            assertThat(program.output())
                    .startsWith("{\"$schema\":")
                    .endsWith("}\n")
                    .hasLineCount(1);
        }
    }

    @Test
    void saysWhatIsInItsWay() throws Exception {
        try (ScriptedUpstream taker = ScriptedUpstream.start()) {
            Files.writeString(folder.resolve("lb4j.yaml"), "listeners: {main: {port: %d}}".formatted(taker.port()));
            try (Program program = new Program("lb4j.yaml")) {
                assertThat(program.exitCode()).isEqualTo(1);
                assertThat(program.output())
                        .contains("lb4j could not start: ", "127.0.0.1:" + taker.port())
                        .doesNotContain("\tat ", "Exception");
            }
        }
    }
}
