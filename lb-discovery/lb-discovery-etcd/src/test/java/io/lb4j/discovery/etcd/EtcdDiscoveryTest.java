package io.lb4j.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.options.CompactOption;
import io.lb4j.config.Part;
import io.lb4j.discovery.Watched;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.net.TcpRelay;
import io.lb4j.testkit.server.EtcdServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Endpoints from an etcd that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EtcdDiscoveryTest {
    private EtcdServer server;
    private Keys keys;

    @BeforeAll
    void start() {
        server = EtcdServer.start();
        keys = new Keys(server.url());
    }

    @AfterAll
    void end() {
        server.close();
    }

    private Etcd etcd() {
        return Etcd.at(server.url())
                .timeout(Duration.ofSeconds(60)); // one question is not to fail where the machine stands still
    }

    private static List<Endpoint> asked(Part provider) throws IOException {
        try (Discovery discovery = provider.create(Discovery.class)) {
            return discovery.discover();
        }
    }

    @Test
    void readsTheEntriesBelowAServiceAndNoOthers() throws IOException {
        keys.put(
                "/services/read/one",
                "{\"host\":\"10.0.0.1\",\"port\":80,\"weight\":50,\"zone\":\"a\",\"tags\":[\"x\",\"y\"]}");
        keys.put("/services/read/zone-b/two", "10.0.0.2:81");
        keys.put("/services/reader/three", "10.0.0.3:82");

        assertThat(asked(etcd().service("read")))
                .containsExactly(
                        new Endpoint("10.0.0.1", 80, 50, Map.of("zone", "a", "tags", "x,y")),
                        Endpoint.of("10.0.0.2", 81));
        assertThat(asked(etcd().service("nobody"))).isEmpty();
    }

    @Test
    void followsWhatIsWrittenAndRemoved() {
        keys.put("/services/follow/one", "10.1.0.1:80");
        try (Watched watched = Watched.by(etcd().service("follow"))) {
            watched.awaitAddresses("10.1.0.1:80");

            keys.put("/services/follow/two", "10.1.0.2:80");
            watched.awaitAddresses("10.1.0.1:80", "10.1.0.2:80");

            keys.delete("/services/follow/one");
            keys.put("/services/follow/two", "10.1.0.3:80");
            watched.awaitAddresses("10.1.0.3:80");
        }
    }

    @Test
    void anEntryThatCannotBeUnderstoodIsLeftOutAndTheRestApplies() {
        keys.put("/services/faulty/one", "10.2.0.1:80");
        keys.put("/services/faulty/two", "{\"host\":\"10.2.0.2\",\"port\":\"http\"}");
        keys.put("/services/faulty/three", "{\"host\":");
        try (Watched watched = Watched.by(etcd().service("faulty"))) {
            watched.awaitAddresses("10.2.0.1:80");
            assertThat(watched.source().skipped()).isEqualTo(2);

            keys.put("/services/faulty/two", "{\"host\":\"10.2.0.2\",\"port\":8080}");
            watched.awaitAddresses("10.2.0.1:80", "10.2.0.2:8080");
            assertThat(watched.source().skipped()).isEqualTo(1);
        }
    }

    @Test
    void listsManyEntriesInPages() throws IOException {
        keys.ask(client -> {
            CompletableFuture<?>[] puts = new CompletableFuture<?>[4500];
            for (int i = 0; i < puts.length; i++) {
                String address = "10.3." + i / 200 + "." + (i % 200 + 1) + ":80";
                puts[i] = client.getKVClient().put(Keys.bytes("/services/many/" + i), Keys.bytes(address));
            }
            return CompletableFuture.allOf(puts);
        });

        assertThat(asked(etcd().service("many"))).hasSize(4500).doesNotHaveDuplicates();
    }

    @Test
    void anotherMemberAnswersWhereOneIsGone() throws IOException {
        keys.put("/services/members/one", "10.4.0.1:80");
        try (ReservedPort silent = ReservedPort.any()) {
            Etcd both = Etcd.at("http://127.0.0.1:" + silent.port(), server.url());
            assertThat(asked(both.service("members"))).containsExactly(Endpoint.of("10.4.0.1", 80));
        }
    }

    @Test
    void aMemberMayHaveAnAddressOfIpv6() throws IOException {
        keys.put("/services/six/one", "10.4.0.2:80");
        try (ReservedPort silent = ReservedPort.any()) {
            Etcd both = Etcd.at("http://[::1]:" + silent.port(), server.url());
            assertThat(asked(both.service("six"))).containsExactly(Endpoint.of("10.4.0.2", 80));
        }
    }

    @Test
    void whatChangesDuringAnOutageIsSeenAfterItEvenIfItsHistoryIsGone() {
        try (EtcdServer frail = EtcdServer.start()) {
            Keys inside = new Keys(frail.url());
            inside.put("/services/frail/one", "10.5.0.1:80");
            try (Watched watched = Watched.by(Etcd.at(frail.url()).service("frail"))) {
                watched.awaitAddresses("10.5.0.1:80");
                frail.kill();
                watched.awaitStale();
                assertThat(watched.addresses()).containsExactly("10.5.0.1:80");

                frail.restart();
                inside.put("/services/frail/two", "10.5.0.2:80");
                inside.delete("/services/frail/one");
                watched.awaitAddresses("10.5.0.2:80");
                watched.awaitFresh();

                frail.kill();
                watched.awaitStale();
                frail.restartEmpty();
                inside.put("/services/frail/three", "10.5.0.3:80");
                watched.awaitAddresses("10.5.0.3:80");
            }
        }
    }

    @Test
    void whatIsCompactedWhileTheWatchIsCutOffIsListedAnew() {
        keys.put("/services/compact/one", "10.6.0.1:80");
        try (TcpRelay relay = TcpRelay.to(server.address());
                Watched watched =
                        Watched.by(Etcd.at("http://127.0.0.1:" + relay.port()).service("compact"))) {
            watched.awaitAddresses("10.6.0.1:80");
            relay.stopListening();
            relay.resetConnections();
            watched.awaitStale();
            keys.put("/services/compact/two", "10.6.0.2:80");
            keys.delete("/services/compact/one");
            keys.ask(client -> client.getKVClient()
                    .get(Keys.bytes("/services/compact/two"))
                    .thenCompose(answer -> client.getKVClient()
                            .compact(
                                    answer.getHeader().getRevision(),
                                    CompactOption.builder()
                                            .withCompactPhysical(true)
                                            .build())));
            relay.resumeListening();
            watched.awaitAddresses("10.6.0.2:80");
        }
    }

    @Test
    @Tag("full") // gRPC looks for a sign of life every 10 seconds at the most
    void aServerThatHangsIsFoundOut() {
        keys.put("/services/hang/one", "10.7.0.1:80");
        try (TcpRelay relay = TcpRelay.to(server.address());
                Watched watched =
                        Watched.by(Etcd.at("http://127.0.0.1:" + relay.port()).service("hang"))) {
            watched.awaitAddresses("10.7.0.1:80");
            relay.blackhole(true);
            watched.awaitStale();
            keys.put("/services/hang/two", "10.7.0.2:80");
            relay.blackhole(false);
            watched.awaitAddresses("10.7.0.1:80", "10.7.0.2:80");
        }
    }

    @Test
    void connectionsAreSharedAndGoWithTheLastUser() {
        try (Watched one = Watched.by(etcd().service("shared"));
                Watched two = Watched.by(etcd().service("shared"))) {
            one.awaitFresh();
            two.awaitFresh();
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("lb4j-etcd")
                                || thread.getName().startsWith("jetcd-watch")));
    }
}
