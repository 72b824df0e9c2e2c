package io.lb4j.plugins.registry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.plugins.registry.Keys;
import io.lb4j.testkit.server.DockerRegistry;
import io.lb4j.testkit.server.DockerRegistry.Doors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program, from publishing to rolling back. */
final class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private int run(String... words) {
        out.reset();
        err.reset();
        return new Main(stream(out), stream(err)).run(List.of(words));
    }

    private static PrintStream stream(ByteArrayOutputStream octets) {
        return new PrintStream(octets, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private String pushed(String image, String content, Keys keys) throws IOException {
        Files.writeString(folder.resolve("module.wasm"), content);
        assertThat(run("push", image, file("module.wasm"), "--sign", "acme=" + keys.secret()))
                .as(err())
                .isZero();
        return out().strip();
    }

    private void seal(int version, Keys keys, String... releases) throws IOException {
        String document = "{\"schema_version\":1,\"name\":\"acme\",\"version\":" + version
                + ",\"expires\":\"2999-01-01T00:00:00Z\",\"plugins\":[{\"name\":\"auth\",\"description\":\"Lets in.\","
                + "\"license\":\"MIT\",\"releases\":[" + String.join(",", releases) + "]}]}";
        Files.writeString(folder.resolve("document.json"), document);
        assertThat(run("seal", file("document.json"), file("index.json"), "--sign", "acme=" + keys.secret()))
                .as(err())
                .isZero();
    }

    private static String release(String version, String image) {
        return "{\"version\":\"" + version + "\",\"image\":\"" + image + "\"}";
    }

    @Test
    void aPluginGoesFromItsPublisherToAFolderAndBack() throws IOException {
        Keys keys = Keys.ec(folder, "acme", "secp256r1");
        String trust = "acme=" + keys.open();
        try (DockerRegistry registry = DockerRegistry.start(Doors.open())) {
            String first = pushed("oci://" + registry.host() + "/auth:1.0.0", "one", keys);
            String next = pushed("oci://" + registry.host() + "/auth:1.1.0", "two", keys);
            seal(1, keys, release("1.0.0", first));
            String[] where = {
                "--index", file("index.json"), "--trust", trust, "--folder", file("plugins"), "--cache", file("cache")
            };

            assertThat(run("search", "lets", "--index", file("index.json"), "--trust", trust))
                    .isZero();
            assertThat(out()).isEqualTo("auth 1.0.0 MIT  Lets in.\n");
            assertThat(run(words("install", "auth@^1", where))).as(err()).isZero();
            assertThat(out()).isEqualTo("auth 1.0.0 " + first + "\n");
            seal(2, keys, release("1.0.0", first), release("1.1.0", next));
            assertThat(run(words("update", "auth", where))).as(err()).isZero();
            assertThat(folder.resolve("plugins/auth.wasm")).hasContent("two");
            assertThat(run(words("rollback", "auth", where))).as(err()).isZero();
            assertThat(folder.resolve("plugins/auth.wasm")).hasContent("one");
            Files.delete(folder.resolve("plugins/auth.wasm"));
            assertThat(run(words("restore", "", where))).as(err()).isZero();
            assertThat(folder.resolve("plugins/auth.wasm")).hasContent("one");
        }
    }

    @Test
    void processesShareACache() throws IOException, InterruptedException {
        Keys keys = Keys.ed25519(folder, "acme");
        try (DockerRegistry registry = DockerRegistry.start(Doors.open())) {
            String image = pushed("oci://" + registry.host() + "/auth:1.0.0", "one".repeat(100_000), keys);
            seal(1, keys, release("1.0.0", image));
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String[] command = words(
                        "install",
                        "auth",
                        "--index",
                        file("index.json"),
                        "--trust",
                        "acme=" + keys.open(),
                        "--folder",
                        file("plugins-" + i),
                        "--cache",
                        file("cache"));
                List<String> java = new ArrayList<>(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()));
                java.addAll(List.of(command));
                processes.add(new ProcessBuilder(java)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("output-" + i).toFile())
                        .start());
            }
            for (int i = 0; i < processes.size(); i++) {
                assertThat(processes.get(i).waitFor(1, TimeUnit.MINUTES)).isTrue();
                assertThat(processes.get(i).exitValue())
                        .as(Files.readString(folder.resolve("output-" + i)))
                        .isZero();
                assertThat(folder.resolve("plugins-" + i + "/auth.wasm")).hasContent("one".repeat(100_000));
            }
            assertThat(folder.resolve("cache/incoming")).isEmptyDirectory();
        }
    }

    private static String[] words(String task, String operand, String... more) {
        String[] words = new String[more.length + 2];
        words[0] = task;
        words[1] = operand;
        System.arraycopy(more, 0, words, 2, more.length);
        return words;
    }

    @Test
    void argumentsThatAreWrongAreNamed() {
        assertThat(run()).isEqualTo(2);
        assertThat(err()).startsWith("task: \"\"\nusage: lb-plugins TASK");
        assertThat(run("push")).isEqualTo(2);
        assertThat(err()).startsWith("push: no image\n");
        assertThat(run("install", "auth", "--fold", "x")).isEqualTo(2);
        assertThat(err()).startsWith("--fold: unknown, or without a value\n");
        assertThat(run("search", "--index", file("none"), "--trust", "acme")).isEqualTo(2);
        assertThat(err()).startsWith("--trust: \"acme\" (expected: NAME=FILE)\n");
        assertThat(run("sign", "oci://127.0.0.1:1/auth:1", "--sign", "a=b", "--tls", "yes"))
                .isEqualTo(2);
        assertThat(err()).startsWith("--tls: \"yes\" (expected: true or false)\n");
    }

    @Test
    void whatFailsIsTold() {
        Keys keys = Keys.ed25519(folder, "acme");

        assertThat(run("search", "--index", file("none"), "--trust", "acme=" + keys.open()))
                .isEqualTo(1);
        assertThat(err()).isEqualTo(file("none") + ": no such file\n");
        assertThat(run("sign", "oci://127.0.0.1:1/auth:1", "--sign", "acme=" + keys.secret()))
                .isEqualTo(1);
        assertThat(err()).startsWith("unreachable: ");
    }
}
