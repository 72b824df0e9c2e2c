package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told, word by word: for each code of fault, and for each way in which a file can be none. */
final class FaultMessagesTest {
    private static final String MAIN = "listeners: {main: {port: 8080}}\n";

    @TempDir
    Path temporary;

    private ConfigFolder folder;

    @BeforeEach
    void openFolder() {
        folder = new ConfigFolder(temporary);
    }

    private void assertFaults(String yaml, String... lines) {
        String count = lines.length == 1 ? "1 fault\n" : lines.length + " faults\n";
        assertThat(folder.file("lb4j.yaml", yaml).faultsOf("lb4j.yaml"))
                .isEqualTo(String.join("\n", lines) + "\n" + count);
    }

    @Test
    void invalid() {
        assertFaults(
                "listeners: {main: {port: 70000}}\nroutes: [{path: api, respond: {status: 200}}]",
                "lb4j.yaml:1:26: listeners.main.port: 70000 (expected: 0..65535)",
                "lb4j.yaml:2:17: routes.route-1.path: \"api\" (expected: a path that begins with /)");
    }

    @Test
    void invalidChoiceWithTheNearest() {
        assertFaults(
                "listeners: {main: {port: 1, protocols: [http1, htpp2]}}",
                "lb4j.yaml:1:48: listeners.main.protocols[1]: \"htpp2\""
                        + " (expected: one of http1, http2; did you mean \"http2\"?)");
    }

    @Test
    void invalidAddressOfAPart() {
        assertFaults(
                "listeners: {main: {port: 1}}\nplugins: {auth: {use: {type: wasm, source: \"oci://registry.example/auth\"}}}",
                "lb4j.yaml:2:44: plugins.auth.use.source: \"oci://registry.example/auth\""
                        + " (expected: oci://host/name:tag, or oci://host/name@sha256:…)");
    }

    @Test
    void missing() {
        assertFaults(
                """
                listeners:
                  main:
                    host: 127.0.0.1
                clusters:
                  api: {endpoints: [{host: 10.0.0.1}]}
                """,
                "lb4j.yaml:2:3: listeners.main.port: missing (expected: 0..65535)",
                "lb4j.yaml:5:21: clusters.api.endpoints[0].port: missing (expected: 1..65535)");
    }

    /** With a scheme, or without a port: which of the two it is in an IPv6 address nobody can tell. */
    @Test
    void endpointsThatAreNoHostAndPort() {
        String expected = " (expected: a section \"endpoint\", or host:port)";

        assertFaults(
                MAIN + "clusters: {api: {endpoints: [\"https://api.example.com\", \"http://a:80/x\", \"::1:80\", a]}}",
                "lb4j.yaml:2:30: clusters.api.endpoints[0]: \"https://api.example.com\"" + expected,
                "lb4j.yaml:2:57: clusters.api.endpoints[1]: \"http://a:80/x\"" + expected,
                "lb4j.yaml:2:74: clusters.api.endpoints[2]: \"::1:80\"" + expected,
                "lb4j.yaml:2:84: clusters.api.endpoints[3]: \"a\"" + expected);
    }

    @Test
    void nothingWhereAValueIsExpected() {
        assertFaults(
                "listeners:\n  main:\n    port: 8443\n    tls:\n",
                "lb4j.yaml:4:9: listeners.main.tls: nothing"
                        + " (expected: a value; leave the key out, or write {} for a section as it is by default)");
    }

    @Test
    void unknownKeys() {
        assertFaults(
                "listener: {main: {port: 1}}\nlisteners: {main: {port: 1, timeouts: {idel: 1s}}}\ntimeouts: {}",
                "lb4j.yaml:1:1: listener: unknown key (expected: one of acme, admin, clusters, http3, lets_encrypt, listeners, logging,"
                        + " plugins, process, routes; did you mean \"listeners\"?)",
                "lb4j.yaml:2:40: listeners.main.timeouts.idel: unknown key"
                        + " (expected: a key of timeouts; did you mean \"idle\"?)",
                "lb4j.yaml:3:1: timeouts: unknown key"
                        + " (expected: one of acme, admin, clusters, http3, lets_encrypt, listeners, logging, plugins, process, routes)");
    }

    @Test
    void wrongShape() {
        assertFaults(
                "listeners: {main: 8080}\nclusters: api\nroutes: [[a]]",
                "lb4j.yaml:1:19: listeners.main: \"8080\" (expected: a section \"listener\")",
                "lb4j.yaml:2:11: clusters: \"api\" (expected: a list of sections \"cluster\"; or such sections by their names)",
                "lb4j.yaml:3:10: routes[0]: a list (expected: a section \"route\")");
    }

    @Test
    void unknownNames() {
        assertFaults(
                MAIN + "clusters: {api: {endpoints: [10.0.0.1:1], balance: least_requests}}\n"
                        + "routes: [{cluster: apii}]\n",
                "lb4j.yaml:2:52: clusters.api.balance: \"least_requests\" (expected: one of least_request,"
                        + " least_request_p2c, peak_ewma, random, round_robin, weighted_round_robin; did you mean \"least_request\"?)",
                "lb4j.yaml:3:20: routes.route-1.cluster: \"apii\""
                        + " (expected: a cluster that is declared; did you mean \"api\"?)");
    }

    @Test
    void duplicates() {
        assertFaults(
                """
                listeners:
                  main: {port: 8080, port: 8081}
                  other: {port: 8080}
                clusters: {api: {endpoints: [10.0.0.1:1]}}
                clusters: {web: {endpoints: [10.0.0.1:1]}}
                """,
                "lb4j.yaml:2:22: listeners.main.port: a second time (expected: each key once; it stands at line 2 too)",
                "lb4j.yaml:3:17: listeners.other.port: 127.0.0.1:8080"
                        + " (expected: an address that listener main does not take)",
                "lb4j.yaml:5:1: clusters: a second time (expected: each key once; it stands at line 4 too)");
    }

    @Test
    void conflicts() {
        assertFaults(
                MAIN + "clusters: {a: {endpoints: [10.0.0.1:1]}}\nroutes: [{cluster: a, redirect: {host: b}}]",
                "lb4j.yaml:3:33: routes.route-1: cluster, redirect"
                        + " (expected: exactly one of cluster, split, redirect, respond)");
    }

    @Test
    void filesThatAreNotThereOrEmpty() {
        assertThat(folder.faultsOf("none.yaml"))
                .isEqualTo("none.yaml:1:1: there is no such file (expected: a file that can be read)\n1 fault\n");
        assertFaults("# all of it is a comment\n", "lb4j.yaml:1:1: nothing in it (expected: a configuration)");
        assertFaults("---\n", "lb4j.yaml:1:1: nothing in it (expected: a configuration)");
        assertFaults(
                "- a\n- b\n",
                "lb4j.yaml:1:1: no keys (expected: keys such as listeners, clusters and routes)",
                "lb4j.yaml:1:1: listeners: missing (expected: a list of sections \"listener\"; or such sections by their names)");
    }

    @Test
    void folderWithoutFiles() {
        assertThat(folder.file("notes.txt", "x").faults())
                .isEqualTo(temporary + ":1:1: no file (expected: files that end in .yaml or .yml, at most 1000)\n"
                        + "1 fault\n");
    }

    @Test
    void textThatIsNoYaml() {
        assertFaults(
                "listeners:\n\tmain: {port: 1}\n",
                "lb4j.yaml:2:1: found character '\\t(TAB)' that cannot start any token"
                        + " (expected: spaces for indentation, no tabs)");
        assertFaults(
                "listeners:\n  main:\n    port: 1\n   host: a\n",
                "lb4j.yaml:4:4: expected <block end>, but found '<block mapping start>'"
                        + " in a block mapping that begins at line 2"
                        + " (expected: keys, or dashes, of one section in one column)");
        assertFaults(
                "listeners: {main: {port: 1}\nroutes: []\n",
                "lb4j.yaml:2:1: expected ',' or '}', but got <scalar> in a flow mapping that begins at line 1"
                        + " (expected: a comma between elements, and the closing bracket)");
        assertFaults(
                "routes:\n  - path: /a: b\n",
                "lb4j.yaml:2:13: mapping values are not allowed here"
                        + " (expected: a text with \": \" in quotation marks, or the key on a line of its own)");
        assertFaults(
                "listeners: {main: {port: ${PORT}}}\n",
                "lb4j.yaml:1:27: expected ',' or '}', but got { in a flow mapping that begins at line 1"
                        + " (expected: a value with ${…} in quotation marks where it stands between braces or brackets)");
        assertFaults(
                MAIN + "---\n" + MAIN,
                "lb4j.yaml:2:1: a second document (---)"
                        + " (expected: one document in a file; others go into files of their own)");
    }

    @Test
    void octetsThatAreNoText() {
        folder.file("lb4j.yaml", new byte[] {'a', ':', ' ', '1', '\n', 'b', ':', (byte) 0xff, (byte) 0xfe});
        assertThat(folder.faultsOf("lb4j.yaml"))
                .isEqualTo("lb4j.yaml:2:3: the octet 0xFF (expected: text in UTF-8)\n1 fault\n");

        assertFaults("a: 1\nb: \u0000\n", "lb4j.yaml:2:4: the character U+0000 (expected: text)");

        folder.file("lb4j.yaml", "a: 1\n".getBytes(StandardCharsets.UTF_16BE));
        assertThat(folder.faultsOf("lb4j.yaml"))
                .isEqualTo("lb4j.yaml:1:1: the character U+0000 (expected: text)\n1 fault\n");
    }

    @Test
    void placeholdersWithoutAValue() {
        folder.variable("EMPTY", "").file("empty.txt", "\n");
        assertFaults(
                """
                listeners:
                  main: {port: "${PORT}", server_header: "${EMPTY}"}
                clusters:
                  api: {endpoints: ["${file:none.txt}:80", "${file:empty.txt}", "${1}", "${OPEN"]}
                """,
                "lb4j.yaml:2:16: listeners.main.port: ${PORT} is not set"
                        + " (expected: the variable in the environment, or a default: ${PORT:-…})",
                "lb4j.yaml:2:42: listeners.main.server_header: ${EMPTY} is empty"
                        + " (expected: the variable in the environment, or a default: ${EMPTY:-…})",
                "lb4j.yaml:4:21: clusters.api.endpoints[0]: ${file:none.txt}: there is no such file"
                        + " (expected: a file that can be read, of at most 64 KiB)",
                "lb4j.yaml:4:44: clusters.api.endpoints[1]: ${file:empty.txt}: nothing in it (expected: a file with a text)",
                "lb4j.yaml:4:65: clusters.api.endpoints[2]: ${…} of no known form (expected: ${NAME}, ${NAME:-default},"
                        + " ${file:path}, or $${ for the characters themselves)",
                "lb4j.yaml:4:73: clusters.api.endpoints[3]: ${ without } (expected: ${NAME}, ${NAME:-default},"
                        + " ${file:path}, or $${ for the characters themselves)");
    }

    @Test
    void whatStoodInAFileIsNotShown() {
        folder.file("secret", "hunter2");
        assertFaults(
                "listeners: {main: {port: \"${file:secret}\"}}",
                "lb4j.yaml:1:26: listeners.main.port: *** (expected: 0..65535)");
    }

    @Test
    void aliasesTagsAndKeysOfOtherKinds() {
        assertFaults(
                MAIN + "x-a: &a {b: *a}\nclusters: *none\nroutes: !list []\n? [a]\n: b\n",
                "lb4j.yaml:2:13: x-a.b: *a (expected: an anchor, &a, that is complete further up in the file)",
                "lb4j.yaml:3:11: clusters: *none (expected: an anchor, &none, that is complete further up in the file)",
                "lb4j.yaml:4:9: routes: the tag !list (expected: no tag)",
                "lb4j.yaml:5:3: a key that is no text (expected: a text as the key)");
    }

    @Test
    void filesThatContradictEachOther() {
        folder.file("a.yaml", MAIN + "process: {drain_timeout: 1s}\nroutes: []\n")
                .file("b.yaml", "process: {drain_timeout: 2s}\nroutes: {r: {respond: {status: 200}}}\n")
                .file("c.yaml", "listeners: {main: {port: 8080}}\n");

        assertThat(folder.faults().replace(temporary + "/", "")).isEqualTo("""
                        b.yaml:1:11: process.drain_timeout: a second time\
                         (expected: each value in one file; it stands at a.yaml:2:11 too)
                        b.yaml:2:1: routes: in another form\
                         (expected: the same form in all files, list or names; see a.yaml:3:1)
                        c.yaml:1:20: listeners.main.port: a second time\
                         (expected: each value in one file; it stands at a.yaml:1:20 too)
                        3 faults
                        """);
    }

    @Test
    void aFileThatCannotBeReadIsNotMadeTheFaultOfOthers() {
        folder.file("a.yaml", MAIN + "routes: [{cluster: api}]\n").file("b.yaml", "clusters: {api: {endpoints: [}\n");

        assertThat(folder.faults()).startsWith("b.yaml:1:30: ").endsWith("\n1 fault\n");
    }

    /** What people write who have not met YAML's rules for texts yet. */
    @Test
    void textsThatNeedQuotationMarks() {
        assertFaults(
                MAIN + "routes: [{path: *, respond: {status: 200}}]",
                "lb4j.yaml:2:18: unexpected character found , in an alias that begins at line 2"
                        + " (expected: a text that begins so in quotation marks)");
        assertFaults(
                "listeners: {main: {port: 1, host: *}}",
                "lb4j.yaml:1:36: unexpected character found } in an alias that begins at line 1"
                        + " (expected: a text that begins so in quotation marks)");
        assertFaults(
                "listeners:\n  main:\n    host: *\n",
                "lb4j.yaml:3:12: unexpected character found in an alias that begins at line 3"
                        + " (expected: a text that begins so in quotation marks)");
        assertFaults(
                MAIN + "x-a: @b\n",
                "lb4j.yaml:2:6: found character '@' that cannot start any token"
                        + " (expected: a text that begins so in quotation marks)");
        assertFaults(
                MAIN + "x-a: \"C:\\dir\"\n",
                "lb4j.yaml:2:10: found unknown escape character d in a double-quoted scalar that begins at line 2"
                        + " (expected: \\\\ for a backslash between double quotation marks, or single ones around the text)");
        assertFaults(
                MAIN + "x-a: \"b\nx-c: d\n",
                "lb4j.yaml:4:1: found unexpected end of stream in a quoted scalar that begins at line 2"
                        + " (expected: the quotation mark that ends the text)");
    }

    @Test
    void colonsWithoutASpace() {
        assertFaults(
                "listeners: {main: {port:8080}}",
                "lb4j.yaml:1:13: listeners.main.port: missing (expected: 0..65535)",
                "lb4j.yaml:1:20: listeners.main.port:8080: unknown key (expected: one of name, host, port, protocols, tls,"
                        + " transports, alt_svc, alt_svc_max_age, proxy_protocol_from, limits, timeouts, forwarding,"
                        + " paths, reason_header, server_header, plugins)",
                "lb4j.yaml:1:29: listeners.main.port:8080: nothing (expected: a space after the colon: port: 8080)");
    }

    /** A plugin that is to keep out who has no token, and works on a method that nobody sends, keeps out nobody. */
    @Test
    void methodsInSmallLetters() {
        assertFaults(
                MAIN + "plugins: {ids: {use: request_id, methods: [get, POST, Purge]}}",
                "lb4j.yaml:2:44: plugins.ids.methods[0]: \"get\" (expected: a method in capitals: GET)");
    }
}
