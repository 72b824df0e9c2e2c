package io.lb4j.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.discovery.Watched;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RequestHead;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** API servers that say that a version is gone, or that they are asked too much. */
final class KubernetesRefusalsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Answer JSON = Answer.status(200).header("Content-Type", "application/json");
    private static final String STATUS = """
        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "%s", "code": %d, "message": "%s"}\
        """;
    private static final String GONE = STATUS.formatted("Expired", 410, "too old resource version: 7 (9)");
    private static final Duration RETRY_AFTER = Duration.ofSeconds(4); // a back-off alone is shorter
    private static final Answer STAY_AWAY =
            Answer.status(429).header("Content-Type", "text/plain").body("Too many requests, please try again later.");
    private static final Answer BUSY = STAY_AWAY.header("Retry-After", Long.toString(RETRY_AFTER.toSeconds()));
    // A watch in which nothing happens for half a minute: one event, octet by octet.
    static final Answer QUIET = JSON.chunked().body("""
        {"type": "BOOKMARK", "object": {"kind": "EndpointSlice", "metadata": {"resourceVersion": "7"}}}
        """).inPieces(1, Duration.ofMillis(300));

    @TempDir
    Path folder;

    static boolean watches(RequestHead head) {
        return head.target().contains("watch=");
    }

    /** A server that does not speak WebSocket says so by a whole answer; then the client watches by HTTP. */
    static boolean opensSocket(RequestHead head) {
        return head.fields().first("Upgrade").orElse("").equalsIgnoreCase("websocket");
    }

    static boolean lists(RequestHead head) {
        return !watches(head);
    }

    /** Returns a list of one slice with one pod. */
    static String list(String address, int version) {
        return """
            {"kind": "EndpointSliceList", "apiVersion": "discovery.k8s.io/v1", "metadata": {"resourceVersion": "%d"}, "items": [
             {"metadata": {"name": "one", "namespace": "a", "resourceVersion": "%d", "labels": {"kubernetes.io/service-name": "api"}},
              "addressType": "IPv4", "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
              "endpoints": [{"addresses": ["%s"], "conditions": {"ready": true}}]}]}\
            """.formatted(version, version, address);
    }

    private Watched watched(ScriptedUpstream server, Duration probe) throws IOException {
        return Watched.by(Kubernetes.local()
                .kubeconfig(ApiServer.kubeconfig(folder, server.port()))
                .namespace("a")
                .service("api", query -> query.probe(probe)));
    }

    static long count(ScriptedUpstream server, Predicate<RequestHead> which) {
        return server.requests().stream()
                .filter(request -> which.test(request.head()))
                .count();
    }

    @Test
    void aWatchThatIsToldThatItsVersionIsGoneListsAnew() throws IOException {
        AtomicBoolean hasChanged = new AtomicBoolean();
        String event = "{\"type\": \"ERROR\", \"object\": " + GONE.replace("\n", "") + "}\n";
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(KubernetesRefusalsTest::opensSocket).answer(200);
                    script.when(head -> lists(head) && !hasChanged.get()).answer(JSON.body(list("10.0.0.1", 7)));
                    script.when(KubernetesRefusalsTest::lists).answer(JSON.body(list("10.0.0.2", 9)));
                    script.when(head -> head.target().contains("resourceVersion=7"))
                            .delay(Duration.ofMillis(200))
                            .answer(JSON.chunked().body(event));
                    script.onAny().answer(QUIET);
                });
                Watched watched = watched(server, Duration.ofMinutes(1))) { // so that no probe finds it
            watched.awaitAddresses("10.0.0.1:8080");
            hasChanged.set(true);
            watched.awaitAddresses("10.0.0.2:8080");
        }
    }

    @Test
    void aListWhoseVersionIsGoneIsAskedForAgain() throws IOException {
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(KubernetesRefusalsTest::opensSocket).answer(200);
                    script.when(KubernetesRefusalsTest::lists).times(1).answer(410, GONE);
                    script.when(KubernetesRefusalsTest::lists).answer(JSON.body(list("10.0.0.1", 7)));
                    script.onAny().answer(QUIET);
                });
                Watched watched = watched(server, Duration.ofMinutes(1))) {
            watched.awaitAddresses("10.0.0.1:8080");
            assertThat(watched.source().errors()).isEqualTo(1);
        }
    }

    @Test
    void versionsAreAskedForWithoutPagesWhereThePageBeforeIsGone() throws IOException {
        String begun = list("10.0.0.1", 7)
                .replace("{\"resourceVersion\": \"7\"}", "{\"resourceVersion\": \"7\", \"continue\": \"next\"}");
        Predicate<RequestHead> whole =
                head -> !head.target().contains("limit=") && !head.target().contains("resourceVersion=") && lists(head);
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(KubernetesRefusalsTest::opensSocket).answer(200);
                    script.when(head -> head.target().contains("continue=next")).answer(410, GONE);
                    script.when(head -> head.target().contains("limit=500")).answer(JSON.body(begun));
                    script.when(KubernetesRefusalsTest::lists).answer(JSON.body(list("10.0.0.1", 7)));
                    script.onAny().answer(QUIET);
                });
                Watched watched = watched(server, Duration.ofMillis(100))) {
            watched.awaitAddresses("10.0.0.1:8080");
            await().atMost(PATIENCE).until(() -> count(server, whole) >= 3);
            assertThat(watched.source().errors()).isZero();
        }
    }

    /** As a real one writes an empty list of metadata alone. */
    @Test
    void aServiceWithoutSlicesIsNoFailure() throws IOException {
        String slices = """
            {"kind": "EndpointSliceList", "apiVersion": "discovery.k8s.io/v1", "metadata": {"resourceVersion": "7"}, "items": []}\
            """;
        String metadata = """
            {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": "7"}, "items": null}\
            """;
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(KubernetesRefusalsTest::opensSocket).answer(200);
                    script.when(head -> head.target().contains("/services/"))
                            .answer(404, STATUS.formatted("NotFound", 404, "no such service"));
                    script.when(head -> head.target().contains("resourceVersion=0"))
                            .answer(JSON.body(slices));
                    script.when(KubernetesRefusalsTest::lists).answer(JSON.body(metadata));
                    script.onAny().answer(QUIET);
                });
                Watched watched = watched(server, Duration.ofMillis(100))) {
            watched.awaitFresh();
            await().atMost(PATIENCE)
                    .until(() -> count(server, head -> head.target().contains("limit=")) >= 5);
            assertThat(watched.source().errors()).isZero();
        }
    }

    @Test
    void anApiServerThatIsAskedTooMuchIsLeftAloneForAsLongAsItSays() throws IOException {
        List<Long> listedAtNanos = new CopyOnWriteArrayList<>();
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(head ->
                                    lists(head) && listedAtNanos.add(System.nanoTime()) && listedAtNanos.size() == 1)
                            .answer(BUSY);
                    script.when(KubernetesRefusalsTest::opensSocket).answer(200);
                    script.when(KubernetesRefusalsTest::lists).answer(JSON.body(list("10.0.0.1", 7)));
                    script.onAny().answer(QUIET);
                });
                Watched watched = watched(server, Duration.ofMinutes(1))) {
            watched.awaitAddresses("10.0.0.1:8080");
            assertThat(watched.source().lastError()).hasValue("kubernetes: 429, Too Many Requests");
            assertThat(Duration.ofNanos(listedAtNanos.get(1) - listedAtNanos.get(0)))
                    .isBetween(RETRY_AFTER, PATIENCE);
        }
    }

    @Test
    void aWatchThatIsRefusedByAServerThatIsAskedTooMuchIsBegunAgain() throws IOException {
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(KubernetesRefusalsTest::watches).times(1).answer(BUSY);
                    script.when(KubernetesRefusalsTest::opensSocket).answer(200);
                    script.when(KubernetesRefusalsTest::lists).answer(JSON.body(list("10.0.0.1", 7)));
                    script.onAny().answer(QUIET);
                });
                Watched watched = watched(server, Duration.ofMinutes(1))) {
            watched.awaitAddresses("10.0.0.1:8080");
            assertThat(watched.source().errors()).isEqualTo(1);
        }
    }

    @Test
    void aWatchGoesOnWhereTheServerIsAskedTooMuchByProbes() throws IOException {
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(KubernetesRefusalsTest::opensSocket).answer(200);
                    script.when(head -> head.target().contains("limit="))
                            .times(2)
                            .answer(STAY_AWAY);
                    script.when(KubernetesRefusalsTest::lists).answer(JSON.body(list("10.0.0.1", 7)));
                    script.onAny().answer(QUIET);
                });
                Watched watched = watched(server, Duration.ofMillis(100))) {
            watched.awaitAddresses("10.0.0.1:8080");
            await().atMost(PATIENCE).until(() -> watched.source().errors() == 2);
            watched.awaitFresh();
            assertThat(count(server, head -> watches(head) && !opensSocket(head)))
                    .isEqualTo(1);
        }
    }
}
