package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.server.config.ServerConfiguration;
import io.lb4j.server.life.AppliedVersion;
import io.lb4j.server.life.Outcome;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.time.InTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that changes while the balancer serves by it. */
final class ServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFirst() throws IOException {
        file = folder.resolve("lb4j.yaml");
        Files.writeString(file, answering("one"));
    }

    private static String answering(String body) {
        return """
                listeners: {main: {port: 0}}
                routes: [{respond: {status: 200, body: "%s"}}]
                """.formatted(body);
    }

    private Server start() {
        return Server.start(ConfigurationFile.at(file));
    }

    private static String ask(LoadBalancer balancer) {
        try (RawClient client = RawClient.connect(balancer.port())) {
            return client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                    .readResponse()
                    .text();
        }
    }

    private void exchange(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("lb4j.yaml.new"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aFileThatIsExchangedIsInForce() throws IOException {
        try (Server server = start()) {
            assertThat(ask(server.balancer())).isEqualTo("one");

            exchange(answering("two"));

            await().atMost(PATIENCE).until(() -> ask(server.balancer()).equals("two"));
            assertThat(server.configurations().present().cause()).isEqualTo("file");
        }
    }

    /** What Kubernetes does: the file is a link to a link to a folder, and the link between them is exchanged. */
    @Test
    void aConfigMapThatIsExchangedIsInForce() throws IOException {
        Path first = Files.createDirectory(folder.resolve("..2026_1"));
        Path second = Files.createDirectory(folder.resolve("..2026_2"));
        Files.writeString(first.resolve("lb4j.yaml"), answering("one"));
        Files.writeString(second.resolve("lb4j.yaml"), answering("two"));
        Path data = Files.createSymbolicLink(folder.resolve("..data"), first.getFileName());
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("..data/lb4j.yaml"));
        for (Path watched : List.of(file, folder)) {
            try (Server server = Server.start(ConfigurationFile.at(watched))) {
                Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), second.getFileName());
                Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);

                await().atMost(PATIENCE).until(() -> ask(server.balancer()).equals("two"));
            }
            Path back = Files.createSymbolicLink(folder.resolve("..data_tmp"), first.getFileName());
            Files.move(back, data, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Test
    void aSecretThatChangesInItsFileIsInForce() throws IOException {
        Path body = Files.writeString(folder.resolve("body"), "one");
        exchange(answering("${file:body}"));
        try (Server server = start()) {
            Files.writeString(body, "two");

            await().atMost(PATIENCE).until(() -> ask(server.balancer()).equals("two"));
        }
    }

    @Test
    void whatIsWrongKeepsWhatWasAndIsTold() throws IOException {
        try (Server server = start()) {
            exchange("listeners: {main: {colour: red}}");

            await().atMost(PATIENCE)
                    .until(() -> server.configurations().lastRefusal().isPresent());
            assertThat(server.configurations().lastRefusal().orElseThrow().message())
                    .contains("listeners.main.port: missing", "listeners.main.colour: unknown key", "lb4j.yaml:1:");
            assertThat(server.balancer().stats().configuration().refused()).isEqualTo(1);
            assertThat(ask(server.balancer())).isEqualTo("one");

            exchange(answering("two"));

            await().atMost(PATIENCE).until(() -> ask(server.balancer()).equals("two"));
            await().atMost(PATIENCE)
                    .until(() -> server.configurations().lastRefusal().isEmpty()); // told once it serves
        }
    }

    @Test
    void aPortThatIsTakenKeepsWhatWas() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Server server = start()) {
            exchange("listeners: {main: {port: %d}}\n".formatted(taken.getLocalPort()));

            Outcome outcome = server.reload("test");

            assertThat(outcome).isInstanceOf(Outcome.Refused.class);
            assertThat(((Outcome.Refused) outcome).refusal().message())
                    .contains("main", String.valueOf(taken.getLocalPort()));
            assertThat(ask(server.balancer())).isEqualTo("one");
        }
    }

    @Test
    void aFileThatVanishesKeepsWhatWas() throws IOException {
        try (Server server = start()) {
            Files.delete(file);

            await().atMost(PATIENCE)
                    .until(() -> server.configurations().lastRefusal().isPresent());
            assertThat(server.configurations().lastRefusal().orElseThrow().message())
                    .contains("there is no such file");
            assertThat(ask(server.balancer())).isEqualTo("one");

            exchange(answering("back"));
            await().atMost(PATIENCE).until(() -> ask(server.balancer()).equals("back"));
        }
    }

    /** It may be there when the folder is listed, and gone when it is read. */
    @Test
    void aFileThatComesAndGoesDuringReloadsCostsNothingButItself() throws IOException {
        Path other = folder.resolve("other.yaml");
        AtomicBoolean isOver = new AtomicBoolean();
        try (Server server = Server.start(ConfigurationFile.at(folder))) {
            CompletableFuture<Void> flickering = CompletableFuture.runAsync(
                    () -> {
                        while (!isOver.get()) {
                            flicker(other);
                        }
                    },
                    Aside.THREAD);
            for (int i = 0; i < 300; i++) {
                if (server.reload("test") instanceof Outcome.Refused refused) {
                    assertThat(refused.refusal().faults()).allMatch(fault -> fault.code() == Fault.Code.UNREADABLE);
                }
                assertThat(ask(server.balancer())).isEqualTo("one");
            }
            isOver.set(true);
            flickering.join();
            assertThat(server.reload("test")).isNotInstanceOf(Outcome.Refused.class);
        }
    }

    private static void flicker(Path file) {
        try {
            Files.writeString(file, "routes: [{path: /other, respond: {status: 204}}]");
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Half a file may be a whole configuration: one without its routes. */
    @Test
    void aFileIsNotReadWhileItIsWritten() {
        try (Server server = start()) {
            // Where the machine stands still in between, it is as if nobody wrote any more.
            InTime.within(Duration.ofMillis(300), attempt -> {
                int before = server.configurations().versions().size();
                String text = answering("attempt " + attempt);
                Duration longest = writeInPieces(text.substring(0, text.indexOf("routes")));
                int meanwhile = server.configurations().versions().size();
                append(text.substring(text.indexOf("routes")));

                await().atMost(PATIENCE).until(() -> ask(server.balancer()).equals("attempt " + attempt));
                if (longest.toMillis() <= 300) {
                    assertThat(meanwhile).isEqualTo(before);
                    assertThat(server.configurations().versions()).hasSize(before + 1);
                }
                return longest;
            });
        }
    }

    /** Writes the beginning of a file and goes on, and returns the longest time in which nothing was written. */
    private Duration writeInPieces(String beginning) {
        Duration longest = Duration.ZERO;
        try {
            Files.writeString(file, beginning);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int i = 0; i < 10; i++) {
            Duration time = InTime.timeOf(() -> {
                await().pollDelay(Duration.ofMillis(150)).until(() -> true);
                append("# still writing\n");
            });
            longest = time.compareTo(longest) > 0 ? time : longest;
        }
        return longest;
    }

    private void append(String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void reloadsAtTheSameTimeComeOneAfterTheOther() throws IOException {
        try (Server server = start()) {
            exchange(answering("two"));

            List<Outcome> outcomes = IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(i -> server.reload("test"))
                    .toList();

            assertThat(outcomes).filteredOn(Outcome.Applied.class::isInstance).hasSizeLessThanOrEqualTo(1);
            assertThat(server.configurations().versions()).hasSize(2);
            assertThat(ask(server.balancer())).isEqualTo("two");
        }
    }

    @Test
    void whatWasInForceCanBeAgain() throws IOException {
        try (Server server = start()) {
            exchange(answering("two"));
            server.reload("test");

            assertThat(server.configurations().rollBack(1).orElseThrow()).isInstanceOf(Outcome.Applied.class);

            assertThat(ask(server.balancer())).isEqualTo("one");
            assertThat(server.configurations().versions())
                    .extracting(AppliedVersion::cause)
                    .startsWith("start")
                    .endsWith("rollback to 1");
            assertThat(server.configurations().rollBack(99)).isEmpty();
            assertThat(server.reload("test")).isInstanceOf(Outcome.Applied.class);
            assertThat(ask(server.balancer())).isEqualTo("two");
        }
    }

    /** The watch looks once after every start, and a file may be written again as it was. */
    @Test
    void aFileThatSaysWhatItSaidLeavesWhatWasPutInForceSince() throws IOException {
        try (Server server = start()) {
            byte[] asked = answering("asked for").getBytes(StandardCharsets.UTF_8);
            ServerConfiguration next = ConfigurationFile.at(file).read(asked).orThrow();
            server.configurations().apply(next, "request");

            server.filesMayHaveChanged();
            exchange("# a comment\n" + answering("one"));
            server.filesMayHaveChanged();

            assertThat(ask(server.balancer())).isEqualTo("asked for");
            assertThat(server.reload("signal")).isInstanceOf(Outcome.Applied.class);
            assertThat(ask(server.balancer())).isEqualTo("one");
        }
    }

    @Test
    void whatSaysTheSameChangesNothing() throws IOException {
        try (Server server = start()) {
            exchange("# a comment\n" + answering("one"));

            assertThat(server.reload("test")).isInstanceOf(Outcome.Unchanged.class);
            assertThat(server.balancer().stats().configurations()).isEqualTo(1);
        }
    }

    @Test
    void doesNotStartWithFaults() throws IOException {
        exchange("listeners: {}");

        assertThatThrownBy(this::start).isInstanceOf(ConfigurationException.class);
    }

    @Test
    void aBalancerOfOnesOwnFollowsAFile() throws IOException {
        try (LoadBalancer balancer =
                LoadBalancer.following(ConfigurationFile.at(file).source(), PATIENCE)) {
            assertThat(ask(balancer)).isEqualTo("one");

            exchange(answering("two"));

            await().atMost(PATIENCE).until(() -> ask(balancer).equals("two"));
        }
    }
}
