package io.lb4j.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStoreContract;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
