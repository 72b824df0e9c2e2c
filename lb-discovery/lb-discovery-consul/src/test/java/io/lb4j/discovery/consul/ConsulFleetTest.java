package io.lb4j.discovery.consul;

import io.lb4j.acme.FleetContract;
import io.lb4j.spi.SharedStore;
import io.lb4j.testkit.server.ConsulServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Certificates of a fleet that are in Consul's keys. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsulFleetTest extends FleetContract {
    private ConsulServer server;

    @BeforeAll
    void start() {
        server = ConsulServer.start();
    }

    @AfterAll
    void end() {
        server.close();
    }

    @Override
    protected SharedStore open(String place) {
        return Consul.at(server.url()).timeout(Duration.ofSeconds(60)).store(place + "/");
    }
}
