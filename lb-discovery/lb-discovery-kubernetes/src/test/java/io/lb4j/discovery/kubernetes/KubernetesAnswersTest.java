package io.lb4j.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.discovery.Watched;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.SharedStore;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RequestHead;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that no API server gives, and what stands in its place may. */
final class KubernetesAnswersTest {
    private static final int MOST = 50_000;
    private static final String TOO_LARGE = "kubernetes: the answer is larger than max_size, 50000 octets";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Answer JSON = Answer.status(200).header("Content-Type", "application/json");
    private static final String BOOKMARK = """
        {"type": "BOOKMARK", "object": {"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1", "metadata": {"resourceVersion": "7"}}}
        """;
    private static final String ADDED = """
        {"type": "ADDED", "object": {"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1", \
        "metadata": {"name": "two", "namespace": "a", "resourceVersion": "8", "labels": {"kubernetes.io/service-name": "api"}}, \
        "addressType": "IPv4", "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}], \
        "endpoints": [{"addresses": ["10.0.0.2"], "conditions": {"ready": true}}]}}
        """;

    @TempDir
    Path folder;

    private static boolean watchesByHttp(RequestHead head) {
        return KubernetesRefusalsTest.watches(head) && !KubernetesRefusalsTest.opensSocket(head);
    }

    private Kubernetes cluster(ScriptedUpstream server) throws IOException {
        return Kubernetes.local()
                .kubeconfig(ApiServer.kubeconfig(folder, server.port()))
                .namespace("a")
                .timeout(Duration.ofSeconds(60))
                .maxSize(MOST);
    }

    private Watched watched(ScriptedUpstream server) throws IOException {
        // So that no probe finds out what the watch itself has to.
        return Watched.by(cluster(server).service("api", query -> query.probe(Duration.ofMinutes(1))));
    }

    private static ScriptedUpstream watchedBy(Answer first) throws IOException {
        return ScriptedUpstream.start(script -> {
            script.when(KubernetesRefusalsTest::opensSocket).answer(200);
            script.when(KubernetesRefusalsTest::lists).answer(JSON.body(KubernetesRefusalsTest.list("10.0.0.1", 7)));
            script.when(KubernetesAnswersTest::watchesByHttp).times(1).answer(first);
            script.onAny().answer(KubernetesRefusalsTest.QUIET);
        });
    }

    @Test
    void anAnswerWithoutEndIsBrokenOff() throws IOException {
        Answer endless = JSON.chunked().body("{" + " ".repeat(MOST) + "}");
        try (ScriptedUpstream server =
                        ScriptedUpstream.start(script -> script.onAny().answer(endless));
                SharedStore store = cluster(server).store();
                Discovery discovery = cluster(server).service("api").create(Discovery.class)) {
            assertThatThrownBy(() -> store.get("x"))
                    .isInstanceOf(IOException.class)
                    .hasMessage(TOO_LARGE);
            assertThatThrownBy(() -> store.keys(""))
                    .isInstanceOf(IOException.class)
                    .hasMessage(TOO_LARGE);
            assertThatThrownBy(discovery::discover)
                    .isInstanceOf(IOException.class)
                    .hasMessage(TOO_LARGE);
        }
    }

    @Test
    void aWatchMayGoOnForEverAndItsEventsMayNot() throws IOException {
        Answer busy = JSON.chunked()
                .body(BOOKMARK.repeat(2 * MOST / BOOKMARK.length()) + ADDED + " ".repeat(MOST / 2))
                .inPieces(1000, Duration.ofMillis(1));
        try (ScriptedUpstream server = watchedBy(busy);
                Watched watched = watched(server)) {
            watched.awaitAddresses("10.0.0.1:8080", "10.0.0.2:8080");
        }
        Answer endless = JSON.chunked().body(" ".repeat(100 * MOST)).inPieces(MOST, Duration.ofSeconds(1));
        try (ScriptedUpstream server = watchedBy(endless);
                Watched watched = watched(server)) {
            watched.awaitAddresses("10.0.0.1:8080");
            await().atMost(PATIENCE)
                    .until(() -> KubernetesRefusalsTest.count(server, KubernetesAnswersTest::watchesByHttp) > 1);
        }
    }
}
