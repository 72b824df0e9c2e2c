package io.lb4j.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.LoadBalancer;
import io.lb4j.model.Configuration;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.server.ConsulServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Configurations from the keys of a Consul that runs. */
final class ConsulConfigSourceTest {
    private static Configuration answering(byte[] status) {
        int code = Integer.parseInt(new String(status, StandardCharsets.UTF_8));
        return LoadBalancer.builder()
                .listener("main", listener -> listener.port(0))
                .route(route -> route.path("/**").respond(code))
                .process(process -> process.eventLoops(1))
                .configuration();
    }

    private static int status(LoadBalancer lb) {
        try (RawClient client = RawClient.connect(lb.port())) {
            return client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .readResponse()
                    .status();
        }
    }

    @Test
    void eachValueOfTheKeyIsPutInForceAndOneThatIsNoneIsRefused() {
        try (ConsulServer server = ConsulServer.start()) {
            Agent agent = new Agent(server.url());
            agent.put("/v1/kv/lb/config", "201");
            try (LoadBalancer lb = LoadBalancer.following(
                    Consul.at(server.url()).configuration("lb/config", ConsulConfigSourceTest::answering),
                    Duration.ofSeconds(30))) {
                assertThat(status(lb)).isEqualTo(201);
                agent.put("/v1/kv/lb/config", "202");
                await().until(() -> status(lb) == 202);
                agent.put("/v1/kv/lb/config", "nothing");
                await().until(() -> lb.stats().configuration().lastRefusal().isPresent());
                assertThat(status(lb)).isEqualTo(202);
                agent.put("/v1/kv/lb/config", "203");
                await().until(() -> status(lb) == 203);
            }
        }
    }
}
