package io.lb4j.discovery.kubernetes;

import io.lb4j.spi.SharedStore;
import io.lb4j.spi.SharedStoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
