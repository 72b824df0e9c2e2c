package io.lb4j.discovery.kubernetes;

import io.lb4j.acme.FleetContract;
import io.lb4j.spi.SharedStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of a fleet that are in Secrets, by an API server that is a mock unless {@code LB4J_KUBECONFIG} names another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubernetesFleetTest extends FleetContract {
    private ApiServer api;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        api = ApiServer.start(temporary);
    }

    @AfterAll
    void end() {
        api.close();
    }

    @Override
    protected SharedStore open(String place) {
        return api.cluster().store(place + "/");
    }
}
