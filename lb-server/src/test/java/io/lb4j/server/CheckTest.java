package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.tls.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at of the files that a configuration names, where it is checked and not about to be put in force. */
final class CheckTest {
    private static final Path MODULE = Path.of("../examples/wasm/rate-limiter.wasm");
    private static final String NONE = "lb4j.yaml: no faults; listeners: 1, clusters: 0, routes: 0, plugins: ";
    private static final String MAIN = "listeners: {main: {port: 0}}\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.copy(MODULE, folder.resolve("good.wasm"));
        byte[] module = Files.readAllBytes(MODULE);
        Files.write(folder.resolve("cut.wasm"), Arrays.copyOf(module, module.length / 2));
        Files.writeString(folder.resolve("text.wasm"), "(module)\n");
        Files.write(folder.resolve("empty.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
    }

    /** Returns the exit code of a check. */
    private int check(String yaml) throws IOException {
        out.reset();
        err.reset();
        Path file = Files.writeString(folder.resolve("lb4j.yaml"), yaml);
        return new Main(stream(out), stream(err), () -> {}).run(List.of("--check", file.toString()));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String printed(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
    }

    @Test
    void modulesThatCannotBeLoadedAreFaultsAtTheirPlaces() throws IOException {
        assertThat(check(MAIN + """
                plugins:
                  enabled: true
                  wasm_plugins:
                    - {name: good, path: good.wasm}
                    - {name: cut, path: cut.wasm}
                    - {name: text, path: text.wasm}
                    - {name: empty, path: ./empty.wasm}
                    - {name: large, path: good.wasm, max_module: 100}
                """)).isEqualTo(3);
        assertThat(printed(err).lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith(
                                        "lb4j.yaml:6:25: plugins.wasm_plugins.cut.path: cut.wasm: module: not fit to be compiled: ")
                                .endsWith(" (expected: a module of WebAssembly)"),
                        line -> assertThat(line)
                                .startsWith(
                                        "lb4j.yaml:7:26: plugins.wasm_plugins.text.path: text.wasm: module: not fit to be compiled: "),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "lb4j.yaml:8:27: plugins.wasm_plugins.empty.path: empty.wasm: memories: 0 (expected: one, exported as \"memory\")"),
                        line -> assertThat(line)
                                .isEqualTo(
                                        "lb4j.yaml:9:27: plugins.wasm_plugins.large.path: good.wasm: more than 100 octets (the limit) (expected: a module of WebAssembly)"),
                        line -> assertThat(line).isEqualTo("4 faults"));
    }

    @Test
    void modulesOfListenersAndRoutesAreLookedAtToo() throws IOException {
        assertThat(check("""
                listeners:
                  main: {port: 0, plugins: {a: {use: {type: wasm, path: text.wasm}}}}
                routes:
                  - {name: all, respond: {status: 204}, plugins: {b: {use: {type: wasm, path: good.wasm, sha256: "%s"}}}}
                """.formatted("0".repeat(64)))).isEqualTo(3);
        assertThat(printed(err))
                .contains(
                        "lb4j.yaml:2:57: listeners.main.plugins.a.use.path: text.wasm: module: not fit",
                        "lb4j.yaml:4:79: routes.all.plugins.b.use.path: good.wasm: SHA-256 ",
                        " (expected: " + "0".repeat(64) + ")\n2 faults\n");
    }

    @Test
    void whatStandsBehindANetworkIsNotLookedAtAndThatIsSaid() throws IOException {
        assertThat(check(MAIN + """
                plugins:
                  wasm_plugins:
                    - {name: far, url: "https://127.0.0.1:1/a.wasm?key=secret", sha256: "%s"}
                    - {name: image, source: "oci://127.0.0.1:1/a:1"}
                    - {name: near, path: good.wasm}
                """.formatted("0".repeat(64)))).isZero();
        assertThat(printed(out))
                .isEqualTo(NONE + "3\nlb4j.yaml: not looked at, for a check asks nobody over the network:"
                        + " plugins.wasm_plugins.far.url, plugins.wasm_plugins.image.source\n");
    }

    /** They keep nothing from starting, and a check comes before the start where systemd has it so. */
    @Test
    void pluginsThatExchangesCanGoWithoutAreNoFaults() throws IOException {
        assertThat(check(MAIN + """
                plugins:
                  - {name: spare, required: false, use: {type: wasm, path: text.wasm}}
                  - {name: off, enabled: false, use: {type: wasm, path: text.wasm}}
                """)).as(printed(err)).isZero();
        assertThat(printed(out).lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo(NONE + "2"),
                        line -> assertThat(line)
                                .startsWith("lb4j.yaml:3:60: plugins.spare.use.path: text.wasm: module: not fit")
                                .endsWith("; the rest starts without it"));
    }

    /** A file of endpoints may come later, and does not keep the others from serving until then. */
    @Test
    void filesOfEndpointsAreReadAndNoneIsNoFault() throws IOException {
        Files.writeString(folder.resolve("two.txt"), "127.0.0.1:1\nno endpoint\n127.0.0.1:2\nnor this\n");
        Files.writeString(folder.resolve("good.json"), "[{\"host\": \"127.0.0.1\", \"port\": 1}]");

        assertThat(check(MAIN + """
                clusters:
                  a: {discovery: {providers: [{type: file, path: none.json}, {type: file, path: good.json}]}}
                  b: {discovery: {providers: [{type: file, path: two.txt}]}}
                """)).as(printed(err)).isZero();
        assertThat(printed(out).lines().skip(1))
                .containsExactly(
                        "lb4j.yaml:3:50: clusters.a.discovery.providers[0].path: none.json: there is no such file"
                                + " (expected: endpoints in JSON, or lines of host:port); the rest starts without it",
                        "lb4j.yaml:4:50: clusters.b.discovery.providers[0].path: two.txt: 2 of its entries cannot be"
                                + " understood (expected: endpoints in JSON, or lines of host:port); the rest starts"
                                + " without it");
    }

    @Test
    void filesOfOtherPluginsAreRead() throws IOException {
        Files.writeString(folder.resolve("users"), "ann:plain\n");
        Files.writeString(folder.resolve("keys.json"), "{}");
        Files.write(folder.resolve("page.html"), new byte[(1 << 20) + 1]);
        Files.writeString(folder.resolve("publisher.pem"), "no key");
        assertThat(check(MAIN + """
                plugins:
                  basic: {use: {type: basic_auth, htpasswd: users}}
                  jwt: {use: {type: jwt, jwks_file: keys.json, algorithms: [ES256]}}
                  page: {use: {type: static_response, status: 200, file: page.html}}
                  image: {use: {type: wasm, source: {type: oci, image: "127.0.0.1:1/a:1", keys: {us: publisher.pem}}}}
                """)).isEqualTo(3);
        assertThat(printed(err))
                .contains(
                        "lb4j.yaml:3:45: plugins.basic.use.htpasswd: users:1: *** (expected: a bcrypt hash",
                        "lb4j.yaml:4:37: plugins.jwt.use.jwks_file: keys.json: ",
                        "lb4j.yaml:5:58: plugins.page.use.file: page.html: larger than 1 MiB (expected: at most that)",
                        "plugins.image.use.source.keys.us: publisher.pem: ")
                .endsWith("4 faults\n");
    }

    @Test
    void certificatesOfTheAdministrationAndAuthoritiesAreRead() throws IOException {
        TestCertificates authority = TestCertificates.create();
        authority.server("localhost").writePem(folder, "server");
        Files.writeString(folder.resolve("none.pem"), "");
        assertThat(check("""
                listeners:
                  secure:
                    port: 0
                    tls:
                      certificates: [{chain: server.crt, key: server.key}]
                      client_auth: required
                      client_trust: none.pem
                clusters:
                  api: {endpoints: ["127.0.0.1:1"], tls: {trust: server.key}}
                admin: {port: 0, tls: {chain: server.key, key: server.crt}}
                """)).isEqualTo(3);
        assertThat(printed(err))
                .contains(
                        "lb4j.yaml:7:21: listeners.secure.tls.client_trust: none.pem: no certificate found (expected: X.509 in PEM)",
                        "lb4j.yaml:9:50: clusters.api.tls.trust: server.key: ",
                        "lb4j.yaml:10:31: admin.tls: server.key: no certificate found (expected: X.509 in PEM)")
                .endsWith("3 faults\n");
    }

    @Test
    void filesAreCalledAsTheShortFormsCallThem() throws IOException {
        TestCertificates.create().server("localhost").writePem(folder, "server");
        assertThat(check("http3: {port: 0, cert_file: server.key, key_file: server.key}\n"))
                .isEqualTo(3);
        assertThat(printed(err))
                .isEqualTo(
                        "lb4j.yaml:1:29: http3.cert_file: server.key: no certificate found (expected: X.509 in PEM)\n1 fault\n");
    }
}
