package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.tls.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small things that the program does besides serving. */
final class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    private int run(String... words) {
        out.reset();
        err.reset();
        return new Main(stream(out), stream(err), () -> {}).run(List.of(words));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theExampleIsAConfigurationWithoutFaults() throws IOException {
        assertThat(run("--example")).isZero();
        Path file = Files.writeString(folder.resolve("example.yaml"), out());

        assertThat(run("--check", file.toString())).isZero();
        assertThat(out()).isEqualTo(file + ": no faults; listeners: 2, clusters: 1, routes: 2, plugins: 1\n");
    }

    /** Whoever takes the number sign away gets what the line before promises. */
    @Test
    void whatTheExampleHasCommentedOutIsWithoutFaultsToo() throws IOException {
        assertThat(run("--example")).isZero();
        String all = out().replaceAll(
                        "(?m)^( *)# (http3:|  enabled:|lets_encrypt:|  email:|  domains:|  storage_path:|"
                                + "discovery:|  providers:|    - \\{type|cors:|  use:)",
                        "$1$2");
        Files.writeString(folder.resolve("endpoints.txt"), "127.0.0.1:9003\n");
        Path file = Files.writeString(folder.resolve("example.yaml"), all);

        assertThat(all.lines().filter(line -> line.startsWith("http3:") || line.startsWith("    discovery:")))
                .hasSize(2);
        assertThat(run("--check", file.toString())).as(err()).isZero();
    }

    @Test
    void checkListsTheFaults() throws IOException {
        Path file = Files.writeString(folder.resolve("lb4j.yaml"), "listeners: {main: {port: -1}}");

        assertThat(run("--check", file.toString())).isEqualTo(3);
        assertThat(err()).isEqualTo(file + ":1:26: listeners.main.port: -1 (expected: 0..65535)\n1 fault\n");
    }

    /** Which would only be seen at the start otherwise. */
    @Test
    void checkReadsCertificatesAndKeys() throws IOException {
        TestCertificates authority = TestCertificates.create();
        Files.writeString(
                folder.resolve("chain.pem"), authority.server("localhost").chainPem());
        Files.writeString(
                folder.resolve("key.pem"), authority.server("localhost").keyPem());
        Path file = Files.writeString(folder.resolve("lb4j.yaml"), """
                listeners:
                  plain: {port: 0}
                  secure:
                    port: 0
                    tls:
                      certificates: [{chain: chain.pem, key: key.pem}, {chain: key.pem, key: key.pem}]
                """);

        assertThat(run("--check", file.toString())).isEqualTo(3);
        assertThat(err())
                .isEqualTo(file + ":6:30: listeners.secure.tls.certificates[0]: key.pem: the private key is not that of"
                        + " the first certificate in chain.pem (expected: a pair)\n"
                        + file + ":6:64: listeners.secure.tls.certificates[1]: key.pem: no certificate found"
                        + " (expected: X.509 in PEM)\n2 faults\n");
    }

    @Test
    void argumentsThatAreWrongAreNamed() {
        assertThat(run("--chekc")).isEqualTo(2);
        assertThat(err())
                .startsWith(
                        "option: --chekc (expected: --check, --example, --schema, --version, --help)\nusage: lb-server");
        assertThat(run("")).isEqualTo(2);
        assertThat(err()).startsWith("file: \"\" (expected: a path)\n");
        assertThat(run("a.yaml", "b.yaml")).isEqualTo(2);
        assertThat(err()).startsWith("arguments: a.yaml, b.yaml (expected: one file or folder)\n");
    }

    @Test
    void printsASchemaForEditors() {
        assertThat(run("--schema")).isZero();
        assertThat(out()).startsWith("{\"$schema\":").contains("\"listeners\"", "\"wasm_plugins\"");
    }

    @Test
    void tellsItsVersionAndHowItIsUsed() {
        assertThat(run("--version")).isZero();
        assertThat(out()).matches("lb4j \\d+\\.\\d+\\S*\n");
        assertThat(run("--help")).isZero();
        assertThat(out()).startsWith("usage: lb-server");
    }
}
