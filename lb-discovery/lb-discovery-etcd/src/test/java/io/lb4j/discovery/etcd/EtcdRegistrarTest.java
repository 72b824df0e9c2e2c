package io.lb4j.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lb4j.discovery.Watched;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Registrar;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.testkit.server.EtcdServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Processes that announce themselves in an etcd that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EtcdRegistrarTest {
    private EtcdServer server;
    private Keys keys;
    private Etcd etcd;

    @BeforeAll
    void start() {
        server = EtcdServer.start();
        keys = new Keys(server.url());
        etcd = Etcd.at(server.url())
                .timeout(Duration.ofSeconds(60)); // one question is not to fail where the machine stands still
    }

    @AfterAll
    void end() {
        server.close();
    }

    private static Registrar.Announcement announcement(String service, Duration term) {
        return new Registrar.Announcement(
                service,
                "one",
                new Endpoint("10.0.0.1", 80, 10, Map.of("zone", "a")),
                new Registrar.Check.TimeToLive(term));
    }

    @Test
    void whatIsAnnouncedIsFoundWithWeightAndMetadataUntilItIsWithdrawn() throws IOException {
        try (Watched watched = Watched.by(etcd.service("edge"));
                Registrar registrar = etcd.registrar()) {
            Registrar.Registration registration = registrar.register(announcement("edge", Duration.ofSeconds(30)));
            assertThat(registration.isInForce()).isTrue();
            watched.awaitAddresses("10.0.0.1:80");
            assertThat(watched.cluster().endpoints().values())
                    .extracting(EndpointStatistics::weight)
                    .containsExactly(10);

            registration.close();
            assertThat(registration.isInForce()).isFalse();
            watched.awaitAddresses();
        }
    }

    @Test
    void whatIsLostIsAnnouncedAgain() throws IOException {
        try (Watched watched = Watched.by(etcd.service("lost"));
                Registrar registrar = etcd.registrar()) {
            registrar.register(announcement("lost", Duration.ofSeconds(2)));
            watched.awaitAddresses("10.0.0.1:80");
            keys.delete("/services/lost/one");
            // Not what is seen of it: whoever stands still meanwhile sees that it is there, and was there.
            await().until(() -> keys.has("/services/lost/one"));
            watched.awaitAddresses("10.0.0.1:80");
        }
    }

    @Test
    void aRegistryThatComesBackEmptyIsToldAnew() throws IOException {
        try (EtcdServer frail = EtcdServer.start();
                Watched watched = Watched.by(Etcd.at(frail.url()).service("edge"));
                Registrar registrar = Etcd.at(frail.url()).registrar()) {
            Registrar.Registration registration = registrar.register(announcement("edge", Duration.ofSeconds(3)));
            watched.awaitAddresses("10.0.0.1:80");
            frail.kill();
            await().atMost(Duration.ofSeconds(30)).until(() -> !registration.isInForce());
            frail.restartEmpty();
            await().atMost(Duration.ofSeconds(30)).until(registration::isInForce);
            watched.awaitFresh();
            watched.awaitAddresses("10.0.0.1:80");
        }
    }

    @Test
    void anInstanceThatVanishesRunsOut() {
        try (Watched watched = Watched.by(etcd.service("vanish"))) {
            // Again and again: on a machine that stands still a lease is over before anybody has looked.
            await().untilAsserted(() -> {
                keys.putLeased("/services/vanish/one", "10.0.0.9:80", 2);
                assertThat(watched.addresses()).containsExactly("10.0.0.9:80");
            });
            watched.awaitAddresses();
        }
    }

    @Test
    void aRegistryThatIsAwayRefusesAnAnnouncement() {
        try (Registrar registrar = Etcd.at("http://127.0.0.1:1").registrar()) {
            assertThatThrownBy(() -> registrar.register(announcement("edge", Duration.ofSeconds(3))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:1");
        }
    }
}
