package io.lb4j.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.discovery.Watched;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.SharedStore;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RequestHead;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose credentials an API server is shown, and what is made of its refusals. */
final class KubernetesAccessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Answer JSON = Answer.status(200).header("Content-Type", "application/json");
    private static final String EMPTY = """
        {"kind": "EndpointSliceList", "apiVersion": "discovery.k8s.io/v1", "metadata": {"resourceVersion": "7"}, "items": []}\
        """;
    private static final String STATUS = """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "%s", "code": %d, "message": "%s"}\
        """;

    @TempDir
    Path folder;

    private static Predicate<RequestHead> shows(String token) {
        return head -> head.fields().first("Authorization").orElse("").equals("Bearer " + token);
    }

    private Path kubeconfig(int port, String user) throws IOException {
        return Files.writeString(folder.resolve("kubeconfig"), """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: lb, user: %s}]
            contexts: [{name: c, context: {cluster: c, user: lb, namespace: a}}]
            current-context: c
            """.formatted(port, user));
    }

    @Test
    void aRoleThatMayListAndNotWatchIsToldSo() throws IOException {
        String refusal = STATUS.formatted("Forbidden", 403, "lb cannot watch endpointslices");
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(head -> head.target().contains("watch=")).answer(403, refusal);
                    script.when(head -> head.target().contains("/services/"))
                            .answer(404, STATUS.formatted("NotFound", 404, "no such service"));
                    script.onAny().answer(JSON.body(EMPTY));
                });
                Watched watched = Watched.by(Kubernetes.local()
                        .kubeconfig(kubeconfig(server.port(), "{token: t}"))
                        .service("api"))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(watched.source().lastError())
                            .hasValueSatisfying(text -> assertThat(text)
                                    .contains("(expected: a role with get, list and watch on endpointslices")));
        }
    }

    @Test
    void aTokenThatWasChangedInTheKubeconfigIsShownInPlaceOfTheOldOne() throws IOException {
        String known = STATUS.formatted("NotFound", 404, "no such secret");
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
            script.when(shows("first")).times(1).answer(404, known);
            script.when(shows("second")).answer(404, known);
            script.onAny().answer(401, STATUS.formatted("Unauthorized", 401, "Unauthorized"));
        })) {
            Path kubeconfig = kubeconfig(server.port(), "{token: first}");
            try (SharedStore store = Kubernetes.local().kubeconfig(kubeconfig).store()) {
                assertThat(store.get("x")).isEmpty();
                kubeconfig(server.port(), "{token: second}");
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .untilAsserted(() -> assertThat(store.get("x")).isEmpty());
            }
        }
    }

    @Test
    void aProgramThatGivesOutTokensIsAsked() throws IOException {
        Path program = Files.writeString(folder.resolve("login"), """
            #!/bin/sh
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "given-out"}}'
            """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        String user = "{exec: {apiVersion: client.authentication.k8s.io/v1, command: \"" + program
                + "\", interactiveMode: Never}}";
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(shows("given-out")).answer(404, STATUS.formatted("NotFound", 404, "no such secret"));
                    script.onAny().answer(401, STATUS.formatted("Unauthorized", 401, "Unauthorized"));
                });
                SharedStore store = Kubernetes.local()
                        .kubeconfig(kubeconfig(server.port(), user))
                        .store()) {
            assertThat(store.get("x")).isEmpty();
        }
    }

    @Test
    void nothingIsAskedByHttp2WhoseConnectionEndsBeforeARefusalIsHeardOf() throws IOException {
        try (ScriptedUpstream server = ScriptedUpstream.start(
                        script -> script.onAny().answer(404, STATUS.formatted("NotFound", 404, "no such secret")));
                SharedStore store = Kubernetes.local()
                        .kubeconfig(kubeconfig(server.port(), "{token: t}"))
                        .store()) {
            assertThat(store.get("x")).isEmpty();
            assertThat(server.requests())
                    .noneMatch(request ->
                            request.head().fields().first("HTTP2-Settings").isPresent());
        }
    }

    @Test
    void aTokenInAFileIsShownAndFollowedAsItIsReplaced() throws IOException {
        String known = STATUS.formatted("NotFound", 404, "no such secret");
        AtomicReference<String> valid = new AtomicReference<>("first");
        Path token = Files.writeString(folder.resolve("token"), "first\n");
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(head -> shows(valid.get()).test(head)).answer(404, known);
                    script.onAny().answer(401, STATUS.formatted("Unauthorized", 401, "Unauthorized"));
                });
                SharedStore store = Kubernetes.local()
                        .kubeconfig(kubeconfig(server.port(), "{token: older, tokenFile: token}"))
                        .store()) {
            assertThat(store.get("x")).isEmpty();
            Path next = Files.writeString(folder.resolve("next"), "second");
            Files.move(next, token, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            valid.set("second");
            assertThat(store.get("x")).isEmpty(); // the very next question shows it
            Files.delete(token);
            assertThat(store.get("x")).isEmpty();
            assertThat(server.requests())
                    .allMatch(request -> !request.head()
                            .fields()
                            .first("Authorization")
                            .orElse("")
                            .contains("older"));
        }
    }

    @Test
    void aTokenThatCannotBeSentIsNotShown() throws IOException {
        for (String token : List.of("s3cr3t\\nline", "s3cr3t-\u65e5")) {
            Kubernetes cluster = Kubernetes.local().kubeconfig(kubeconfig(1, "{token: \"" + token + "\"}"));
            try (SharedStore store = cluster.store();
                    Watched watched = Watched.by(cluster.service("api"))) {
                assertThatThrownBy(() -> store.get("x"))
                        .isInstanceOf(IOException.class)
                        .hasMessage("kubernetes: the token cannot be sent (expected: one line of ASCII)")
                        .hasNoCause();
                watched.awaitStale();
                assertThat(watched.source().lastError())
                        .contains("kubernetes: the token cannot be sent (expected: one line of ASCII)");
            }
        }
    }

    @Test
    void aUserWithoutCredentialsIsToldOfAndNotTakenForNobody() throws IOException {
        Path program = Files.writeString(folder.resolve("login"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Path failing = kubeconfig(
                1, "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, interactiveMode: Never}}");
        assertThatThrownBy(() -> Kubernetes.local().kubeconfig(failing).store())
                .hasMessageContaining(
                        "user: \"lb\" (expected: a token, or a certificate, from ./login, which has given neither)");
        Path unknown = Files.writeString(
                folder.resolve("unknown"), Files.readString(failing).replace("user: lb", "user: other"));
        assertThatThrownBy(() -> Kubernetes.local().kubeconfig(unknown).store())
                .hasMessage("kubernetes: user: \"other\" (expected: one of the kubeconfig)");
    }

    @Test
    void aContextWithoutItsClusterIsToldOf() throws IOException {
        String kubeconfig = Files.readString(kubeconfig(1, "{token: t}"));
        Path unknown =
                Files.writeString(folder.resolve("unknown"), kubeconfig.replace("cluster: c,", "cluster: other,"));
        assertThatThrownBy(() -> Kubernetes.local().kubeconfig(unknown).store())
                .hasMessage(
                        "kubernetes: cluster: \"other\" (expected: one of the kubeconfig, which context \"c\" names)");
        Path none = Files.writeString(folder.resolve("none"), kubeconfig.replace("cluster: c,", ""));
        assertThatThrownBy(() -> Kubernetes.local().kubeconfig(none).store())
                .hasMessageStartingWith("kubernetes: cluster: \"\" (expected: one of the kubeconfig");
    }

    @Test
    void aClientCertificateMayBeOfAnEllipticCurve() throws IOException {
        TestCertificate.PemFiles own = TestCertificates.create().client("lb").writePem(folder, "client");
        Path kubeconfig = kubeconfig(
                1,
                "{client-certificate: " + own.chain().getFileName() + ", client-key: "
                        + own.key().getFileName() + "}");
        assertThat(Files.readString(own.key())).contains("BEGIN PRIVATE KEY");
        Files.writeString(kubeconfig, Files.readString(kubeconfig).replace("http:", "https:"));
        try (SharedStore store = Kubernetes.local().kubeconfig(kubeconfig).store()) {
            assertThatThrownBy(() -> store.get("x")).hasMessage("kubernetes: no connection to the API server");
        }
    }

    @Test
    void anAnswerWhoseBodyComesAnOctetAtATimeIsFoundOut() throws IOException {
        Answer answer = JSON.body("{" + " ".repeat(10_000) + "}").inPieces(1, Duration.ofMillis(100));
        try (ScriptedUpstream slow =
                        ScriptedUpstream.start(script -> script.onAny().answer(answer)); // for a quarter of an hour
                SharedStore store = cluster(slow).store();
                Discovery discovery = cluster(slow).service("api").create(Discovery.class)) {
            assertThatThrownBy(() -> store.get("x")).hasMessage("kubernetes: no whole answer in time");
            assertThatThrownBy(discovery::discover).hasMessage("kubernetes: no whole answer in time");
        }
    }

    private Kubernetes cluster(ScriptedUpstream server) throws IOException {
        return Kubernetes.local()
                .kubeconfig(kubeconfig(server.port(), "{token: t}"))
                .timeout(Duration.ofSeconds(1));
    }

    @Test
    void aTokenFileThatHoldsNoneIsSaidToHoldNone() throws IOException {
        Path absent = folder.resolve("absent");
        Path kubeconfig = kubeconfig(1, "{tokenFile: \"" + absent + "\"}");
        assertThatThrownBy(() -> Kubernetes.local().kubeconfig(kubeconfig).store())
                .hasMessage("kubernetes: tokenFile: " + absent + " (expected: a file with a token)");
    }
}
