package io.lb4j.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class RealServerTest {
    private static Launch shell(String script) {
        return Launch.command("sh", "-c", script);
    }

    @Test
    void waitsUntilTheServerIsReadyAndKeepsItsOutput() {
        try (RealServer server = RealServer.start(
                shell("echo one; echo two >&2; echo ready; exec sleep 60").readyOnOutput("ready"))) {
            assertThat(server.output()).containsExactly("one", "two", "ready");
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void endsItsProcessAndItsProcessesChildren() {
        RealServer server =
                RealServer.start(shell("sleep 60 & echo child $!; wait").readyOnOutput("child"));
        long child = Long.parseLong(server.output().get(0).substring("child ".length()));
        server.close();

        assertThat(server.isAlive()).isFalse();
        assertThat(ProcessHandle.of(server.pid())).isEmpty();
        awaitEnd(child);
    }

    @Test
    void killsAProcessThatDoesNotEndInTime() {
        RealServer server = RealServer.start(shell("trap '' TERM; echo up; while :; do sleep 0.05; done")
                .readyOnOutput("up")
                .grace(Duration.ofMillis(100)));
        server.close();

        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void saysWhyAServerThatEndedIsNotReady() {
        Launch launch = shell("echo no such option; exit 3").readyOnOutput("ready");

        assertThatThrownBy(() -> RealServer.start(launch))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ended with exit code 3")
                .hasMessageContaining("no such option");
    }

    @Test
    void endsAServerThatDoesNotGetReadyInTime() {
        Launch launch =
                shell("echo pid $$; exec sleep 60").readyWhen(server -> false).readyWithin(Duration.ofMillis(200));

        assertThatThrownBy(() -> RealServer.start(launch))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("is not ready after PT0.2S")
                .satisfies(failure -> {
                    String pid = String.valueOf(failure.getMessage()).replaceAll("(?s).*\npid (\\d+).*", "$1");
                    assertThat(ProcessHandle.of(Long.parseLong(pid))).isEmpty();
                });
    }

    @Test
    void refusesAProgramThatIsNotThere() {
        assertThat(RealServer.isInstalled("no-such-program-4711")).isFalse();
        assertThatThrownBy(() -> RealServer.start(Launch.command("no-such-program-4711")))
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void sendsSignals() {
        try (RealServer server =
                RealServer.start(shell("trap 'echo heard; exit 0' USR1; echo up; while :; do sleep 0.02; done")
                        .readyOnOutput("up"))) {
            server.signal("USR1"); // not HUP: a build that runs under nohup hands on that it is ignored

            Awaitility.await().until(() -> !server.isAlive());
            assertThat(server.output()).contains("heard");
        }
    }

    @Test
    void leavesNothingBehindWhenTheJvmEnds() throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ForgetfulProgram.class.getName());
        Process jvm = new ProcessBuilder(command).start();
        String pid = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(jvm.waitFor(30, TimeUnit.SECONDS)).isTrue();
        awaitEnd(Long.parseLong(pid));
    }

    @Test
    void startsNginxWithAConfigurationOfTheTest() {
        Assumptions.assumeTrue(Nginx.isInstalled(), "nginx is not installed");
        Path folder;
        try (Nginx nginx = Nginx.start(
                        port -> "server { listen 127.0.0.1:" + port + "; location / { return 200 'hello\n'; } }");
                RawClient client = RawClient.connect(nginx.port())) {
            RawResponse response =
                    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readResponse();
            folder = nginx.folder();

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("hello\n");
        }
        assertThat(Files.exists(folder)).isFalse();
    }

    @Test
    void passesNginxsOwnWordsOn() {
        Assumptions.assumeTrue(Nginx.isInstalled(), "nginx is not installed");

        assertThatThrownBy(() -> Nginx.start(port -> "no_such_directive;"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no_such_directive");
    }

    private static void awaitEnd(long pid) {
        ProcessHandle.of(pid)
                .ifPresent(handle -> assertThat(handle.onExit().orTimeout(30, TimeUnit.SECONDS))
                        .succeedsWithin(Duration.ofSeconds(10)));
    }

    /** Starts a server, tells its pid, and ends without closing it. */
    static final class ForgetfulProgram {
        private ForgetfulProgram() {}

        public static void main(String[] arguments) {
            RealServer server = RealServer.start(Launch.command("sleep", "60"));
            System.out.println(server.pid());
            System.out.flush();
            System.exit(0);
        }
    }
}
