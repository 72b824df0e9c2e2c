package io.lb4j.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStoreContract;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The shared store on Secrets and Leases, by an API server that is a mock unless {@code LB4J_KUBECONFIG} names another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubernetesStoreTest extends SharedStoreContract {
    private ApiServer api;
    private SharedStore store;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        api = ApiServer.start(folder);
        store = api.cluster().store();
    }

    @AfterAll
    void end() {
        store.close();
        api.close();
    }

    @Test
    void aNamespaceThatIsNotThereIsToldOfAndTakenForNobodysLock(@TempDir Path folder) throws IOException {
        String status = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404,
             "message": "namespaces \\"nowhere\\" not found"}""";
        try (ScriptedUpstream without =
                        ScriptedUpstream.start(script -> script.onAny().answer(404, status));
                SharedStore nowhere = Kubernetes.local()
                        .kubeconfig(ApiServer.kubeconfig(folder, without.port()))
                        .namespace("nowhere")
                        .store()) {
            assertThatThrownBy(() -> nowhere.tryLock("a", Duration.ofSeconds(10)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("namespaces \"nowhere\" not found");
            assertThatThrownBy(() -> nowhere.put("a", new byte[] {1}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("namespaces \"nowhere\" not found");
        }
    }

    @Test
    void notesThatSomebodyElseHasWrittenInAWayOfHisOwnAreAFailureOfTheStore(@TempDir Path folder) throws IOException {
        String secret = """
            {"kind": "Secret", "apiVersion": "v1", "metadata": {"name": "n", "namespace": "a", "resourceVersion": "7",
             "annotations": {"lb4j.io/key": "x", %s}}, "data": {"value": "%s"}}""";
        Answer json = Answer.status(200).header("Content-Type", "application/json");
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.when(head -> head.method().equals("DELETE")).answer(json.body("{}"));
                    script.onAny().times(1).answer(json.body(secret.formatted("\"lb4j.io/until\": \"later\"", "AQ==")));
                    script.onAny().times(1).answer(json.body(secret.formatted("\"lb4j.io/fence\": \"one\"", "AQ==")));
                    script.onAny().times(1).answer(json.body(secret.formatted("\"o\": \"\"", "no base64")));
                    script.onAny().answer(json.body(secret.formatted("\"lb4j.io/until\": \"later\"", "AQ==")));
                });
                SharedStore store = Kubernetes.local()
                        .kubeconfig(ApiServer.kubeconfig(folder, server.port()))
                        .namespace("a")
                        .store()) {
            for (String text : List.of("'later'", "\"one\"")) {
                assertThatThrownBy(() -> store.get("x"))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("kubernetes: secret n: lb4j.io/until, or lb4j.io/fence, cannot be read")
                        .hasMessageContaining(text);
            }
            assertThatThrownBy(() -> store.get("x"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("kubernetes: x: the value cannot be read (expected: base64)");
            assertThat(store.remove("x")).isTrue(); // so that it can be mended
        }
    }

    @Test
    void keysAreListedInPagesAndWithoutTheirValues(@TempDir Path folder) throws IOException {
        String page = """
            {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": "7", "continue": "%s"},
             "items": [{"metadata": {"name": "n", "namespace": "a", "annotations": {"lb4j.io/key": "%s"}}}]}""";
        String gone = """
            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Expired", "code": 410, "message": "too old"}""";
        Answer json = Answer.status(200).header("Content-Type", "application/json");
        try (ScriptedUpstream server = ScriptedUpstream.start(script -> {
                    script.onAny().times(1).answer(json.body(page.formatted("next=", "x/y/one")));
                    script.onAny().times(1).answer(json.body(page.formatted("", "x/y/two")));
                    script.onAny().times(1).answer(json.body(page.formatted("next=", "x/y/one")));
                    script.onAny().times(1).answer(410, gone);
                    script.onAny().answer(json.body(page.formatted("", "x/y/three")));
                });
                SharedStore store = Kubernetes.local()
                        .kubeconfig(ApiServer.kubeconfig(folder, server.port()))
                        .namespace("a")
                        .store()) {
            assertThat(store.keys("x/y/")).containsExactly("x/y/one", "x/y/two");
            assertThat(store.keys("x/y/")).as("where a page is too old").containsExactly("x/y/three");
            assertThat(server.requests())
                    .allSatisfy(request -> assertThat(
                                    request.headers().first("Accept").orElseThrow())
                            .startsWith("application/json;as=PartialObjectMetadataList;"));
            assertThat(server.requests().get(0).target())
                    .startsWith("/api/v1/namespaces/a/secrets?")
                    .contains("limit=500", "lb4j.io%2Ffolder-2%3Dlb4j-");
            assertThat(server.requests().get(1).target()).contains("continue=next%3D");
        }
    }

    @Test
    void aFolderHasWhatIsInItHoweverDeepAndABeginningOfNamesWhatBeginsSo() throws IOException {
        for (String key : List.of("deep/a", "deep/b/c", "deep/b/c/d/e/f/g", "deep/b/cd", "deeper")) {
            store.put(key, new byte[] {1});
        }
        assertThat(store.keys("deep/b/")).containsExactly("deep/b/c", "deep/b/c/d/e/f/g", "deep/b/cd");
        assertThat(store.keys("deep/b/c")).containsExactly("deep/b/c", "deep/b/c/d/e/f/g", "deep/b/cd");
        assertThat(store.keys("deep/b/c/d/e/f/")).containsExactly("deep/b/c/d/e/f/g");
        assertThat(store.keys("deep")).containsExactly("deep/a", "deep/b/c", "deep/b/c/d/e/f/g", "deep/b/cd", "deeper");
    }

    @Override
    protected SharedStore store() {
        return store;
    }

    @Override
    protected Duration term() {
        return Duration.ofSeconds(6);
    }

    @Override
    protected void pass(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis()); // in earnest: it is the wall clock that is looked at
    }
}
