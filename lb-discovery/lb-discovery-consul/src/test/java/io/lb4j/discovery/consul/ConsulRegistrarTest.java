package io.lb4j.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.discovery.Watched;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Registrar;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.server.ConsulServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Processes that announce themselves at a Consul that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsulRegistrarTest {
    private ConsulServer server;
    private Agent agent;
    private Consul consul;

    @BeforeAll
    void start() {
        server = ConsulServer.start();
        agent = new Agent(server.url());
        consul = Consul.at(server.url())
                .timeout(Duration.ofSeconds(60)); // one question is not to fail where the machine stands still
    }

    @AfterAll
    void end() {
        server.close();
    }

    private static Registrar.Announcement announcement(String service, Endpoint endpoint, Registrar.Check check) {
        return new Registrar.Announcement(service, service + "-one", endpoint, check);
    }

    private static Registrar.Check lasting(int seconds) {
        return new Registrar.Check.TimeToLive(Duration.ofSeconds(seconds));
    }

    @Test
    void whatIsAnnouncedIsFoundWithWeightAndMetadataUntilItIsWithdrawn() throws IOException {
        Endpoint endpoint = new Endpoint("10.0.0.1", 80, 50, Map.of("zone", "a", "tags", "x,y"));
        try (Watched watched = Watched.by(
                        consul.service("edge", query -> query.tag("x").metadata("zone", "a")));
                Registrar registrar = consul.registrar()) {
            Registrar.Registration registration = registrar.register(announcement("edge", endpoint, lasting(30)));
            assertThat(registration.isInForce()).isTrue();
            watched.awaitAddresses("10.0.0.1:80");
            assertThat(watched.cluster().endpoints().values())
                    .extracting(EndpointStatistics::weight)
                    .containsExactly(50);

            registration.close();
            watched.awaitAddresses();
        }
    }

    @Test
    void aTimeToLiveIsRenewedAndWhatTheAgentLosesIsAnnouncedAgain() throws IOException {
        try (Watched watched = Watched.by(consul.service("lost"));
                Registrar registrar = consul.registrar()) {
            registrar.register(announcement("lost", Endpoint.of("10.0.0.2", 80), lasting(2)));
            watched.awaitAddresses("10.0.0.2:80");
            agent.deregister("lost-one");
            // Not what is seen of it: whoever stands still meanwhile sees that it is there, and was there.
            await().until(() -> agent.knows("lost-one"));
            watched.awaitAddresses("10.0.0.2:80");
        }
    }

    @Test
    void theAgentChecksByRequestsAndByConnections() throws IOException {
        try (ScriptedUpstream healthy =
                        ScriptedUpstream.start(script -> script.onAny().answer(200, "ok"));
                Registrar registrar = consul.registrar();
                Watched watched = Watched.with(discovery ->
                        discovery.provider(consul.service("by-http")).provider(consul.service("by-tcp")))) {
            Duration second = Duration.ofSeconds(1);
            Endpoint good = Endpoint.of("127.0.0.1", healthy.port());
            registrar.register(announcement("by-http", good, new Registrar.Check.Http("/up", second)));
            registrar.register(announcement("by-tcp", Endpoint.of("127.0.0.1", 1), new Registrar.Check.Tcp(second)));
            watched.awaitAddresses(good.address());
            await().until(() -> healthy.requests().stream()
                    .anyMatch(request -> request.target().equals("/up")));
        }
    }

    @Test
    void aRegistryThatComesBackEmptyIsToldAnew() throws IOException {
        try (ConsulServer frail = ConsulServer.start();
                Watched watched = Watched.by(Consul.at(frail.url()).service("edge"));
                Registrar registrar = Consul.at(frail.url()).registrar()) {
            Registrar.Registration registration =
                    registrar.register(announcement("edge", Endpoint.of("10.0.0.3", 80), lasting(3)));
            watched.awaitAddresses("10.0.0.3:80");
            frail.kill();
            await().atMost(Duration.ofSeconds(30)).until(() -> !registration.isInForce());
            frail.restartEmpty();
            await().atMost(Duration.ofSeconds(30)).until(registration::isInForce);
            watched.awaitAddresses("10.0.0.3:80");
        }
    }
}
