package io.lb4j.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.Part;
import io.lb4j.discovery.Watched;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.SharedStore;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.Impairment;
import io.lb4j.testkit.net.TcpRelay;
import io.lb4j.testkit.server.ConsulServer;
import io.lb4j.testkit.time.InTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Endpoints from a Consul that runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsulDiscoveryTest {
    private ConsulServer server;
    private Agent agent;

    @BeforeAll
    void start() {
        server = ConsulServer.start();
        agent = new Agent(server.url());
    }

    @AfterAll
    void end() {
        server.close();
    }

    private Consul consul() {
        return Consul.at(server.url())
                .timeout(Duration.ofSeconds(60)); // one question is not to fail where the machine stands still
    }

    private static List<Endpoint> asked(Part provider) throws IOException {
        try (Discovery discovery = provider.create(Discovery.class)) {
            return discovery.discover();
        }
    }

    @Test
    void readsAddressWeightTagsAndMetadata() throws IOException {
        agent.register(
                "read-1",
                "read",
                "\"Address\":\"10.0.0.1\",\"Port\":80,\"Tags\":[\"blue\",\"x\"],\"Meta\":{\"zone\":\"a\"},"
                        + "\"Weights\":{\"Passing\":3,\"Warning\":1}");

        assertThat(asked(consul().service("read")))
                .containsExactly(
                        new Endpoint("10.0.0.1", 80, 300, Map.of("zone", "a", "tags", "blue,x", "datacenter", "dc1")));
        assertThat(asked(consul().service("nobody"))).isEmpty();
    }

    @Test
    void anInstanceWithoutAnAddressHasItsNodes() throws IOException {
        agent.register("node-1", "node", "\"Port\":80");

        assertThat(asked(consul().service("node")))
                .extracting(Endpoint::address)
                .containsExactly("127.0.0.1:80");
    }

    @Test
    void tagsAndMetadataAndFiltersAllHaveToFit() throws IOException {
        agent.register(
                "fit-1", "fit", "\"Address\":\"10.1.0.1\",\"Port\":80,\"Tags\":[\"a\",\"b\"],\"Meta\":{\"v\":\"1\"}");
        agent.register("fit-2", "fit", "\"Address\":\"10.1.0.2\",\"Port\":80,\"Tags\":[\"a\"],\"Meta\":{\"v\":\"2\"}");

        assertThat(asked(consul().service("fit", query -> query.tag("a")))).hasSize(2);
        assertThat(asked(consul().service("fit", query -> query.tag("a").tag("b"))))
                .extracting(Endpoint::host)
                .containsExactly("10.1.0.1");
        assertThat(asked(consul().service("fit", query -> query.metadata("v", "2"))))
                .extracting(Endpoint::host)
                .containsExactly("10.1.0.2");
        assertThat(asked(consul().service("fit", query -> query.filter("\"b\" not in Service.Tags"))))
                .extracting(Endpoint::host)
                .containsExactly("10.1.0.2");
    }

    @Test
    void checksSayWhoGetsRequests() {
        for (String state : List.of("passing", "warning", "critical")) {
            agent.register(
                    state,
                    "checked",
                    "\"Address\":\"10.2.0." + state.length()
                            + "\",\"Port\":80,\"Weights\":{\"Passing\":10,\"Warning\":2},"
                            + "\"Check\":{\"TTL\":\"10m\",\"Status\":\"" + state + "\"}");
        }
        try (Watched passing = Watched.by(consul().service("checked"));
                Watched warning = Watched.by(consul().service("checked", ConsulQuery::orWarning));
                Watched any = Watched.by(consul().service("checked", ConsulQuery::whateverItsHealth))) {
            any.awaitAddresses("10.2.0.7:80", "10.2.0.8:80");
            agent.put("/v1/agent/check/warn/service:passing", "");
            warning.awaitAddresses("10.2.0.7:80");
            passing.awaitAddresses();
            assertThat(warning.cluster().endpoints().values()).allMatch(endpoint -> endpoint.weight() == 200);
        }
    }

    @Test
    void followsWhatIsRegisteredAndWithdrawn() {
        agent.register("follow-1", "follow", "\"Address\":\"10.3.0.1\",\"Port\":80");
        try (Watched watched = Watched.by(consul().service("follow"))) {
            watched.awaitAddresses("10.3.0.1:80");
            agent.register("follow-2", "follow", "\"Address\":\"10.3.0.2\",\"Port\":80");
            watched.awaitAddresses("10.3.0.1:80", "10.3.0.2:80");
            agent.deregister("follow-1");
            watched.awaitAddresses("10.3.0.2:80");
        }
    }

    @Test
    void anInstanceWithoutAPortIsLeftOut() {
        agent.register("faulty-1", "faulty", "\"Address\":\"10.4.0.1\",\"Port\":80");
        agent.register("faulty-2", "faulty", "\"Address\":\"10.4.0.2\"");
        agent.register("faulty-3", "faulty", "\"Address\":\"10.4.0.3\",\"Port\":80,\"Meta\":{\"weight\":\"heavy\"}");
        try (Watched watched = Watched.by(consul().service("faulty"))) {
            watched.awaitAddresses("10.4.0.1:80");
            assertThat(watched.source().skipped()).isEqualTo(2);
        }
    }

    @Test
    void aRegistryThatComesBackEmptyIsFollowedFromItsNewIndexOn() {
        try (ConsulServer frail = ConsulServer.start()) {
            Agent inside = new Agent(frail.url());
            for (int i = 0; i < 20; i++) { // so that the index is higher than it will be
                inside.register("other-" + i, "other", "\"Port\":80");
            }
            inside.register("one", "api", "\"Address\":\"10.5.0.1\",\"Port\":80");
            try (Watched watched = Watched.with(discovery ->
                    discovery.provider(Consul.at(frail.url()).service("api")).emptyGrace(Duration.ofMinutes(1)))) {
                watched.awaitAddresses("10.5.0.1:80");
                frail.kill();
                watched.awaitStale();
                frail.restartEmpty();
                watched.awaitFreshOrHeld();
                assertThat(watched.addresses()).containsExactly("10.5.0.1:80");
                inside.register("two", "api", "\"Address\":\"10.5.0.2\",\"Port\":80");
                watched.awaitAddresses("10.5.0.2:80");
                inside.register("three", "api", "\"Address\":\"10.5.0.3\",\"Port\":80");
                watched.awaitAddresses("10.5.0.2:80", "10.5.0.3:80");
            }
        }
    }

    @Test
    void aRegistryThatHangsOrTricklesIsFoundOut() {
        agent.register("hang-1", "hang", "\"Address\":\"10.6.0.1\",\"Port\":80");
        try (TcpRelay relay = TcpRelay.to(server.address());
                Watched watched = Watched.by(Consul.at("http://127.0.0.1:" + relay.port())
                        .wait(Duration.ofSeconds(1))
                        .timeout(Duration.ofSeconds(1))
                        .service("hang"))) {
            watched.awaitAddresses("10.6.0.1:80");
            relay.blackhole(true);
            watched.awaitStale();
            relay.blackhole(false);
            watched.awaitFresh();
            relay.impair(Impairment.none().bandwidth(20));
            watched.awaitStale();
            relay.impair(Impairment.none());
            watched.awaitFresh();
            assertThat(watched.addresses()).containsExactly("10.6.0.1:80");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerWhoseBodyComesAnOctetAtATimeIsFoundOut(boolean isChunked) throws IOException {
        Answer answer = Answer.status(200)
                .header("Content-Type", "application/json")
                .header("X-Consul-Index", "7")
                .body("[" + " ".repeat(10_000) + "]")
                .inPieces(1, Duration.ofMillis(100)); // a quarter of an hour
        Answer trickling = isChunked ? answer.chunked() : answer;
        try (ScriptedUpstream slow =
                ScriptedUpstream.start(script -> script.onAny().answer(trickling))) {
            Consul consul = Consul.at("http://127.0.0.1:" + slow.port())
                    .wait(Duration.ofSeconds(1))
                    .timeout(Duration.ofSeconds(1));
            try (Watched watched = Watched.by(consul.service("slow"))) {
                watched.awaitStale();
                assertThat(watched.source().lastError())
                        .hasValueSatisfying(text -> assertThat(text).contains("no whole answer in time"));
            }
            try (SharedStore store = consul.store()) {
                assertThatThrownBy(() -> store.get("large"))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("no whole answer in time");
            }
        }
    }

    @Test
    void aConnectionThatIsSilentlyGoneIsFoundOutWithinTenSeconds() {
        agent.register("silent-1", "silent", "\"Address\":\"10.9.0.1\",\"Port\":80");
        try (TcpRelay relay = TcpRelay.to(server.address());
                Watched watched =
                        Watched.by(Consul.at("http://127.0.0.1:" + relay.port()).service("silent"))) {
            watched.awaitAddresses("10.9.0.1:80");
            InTime.within(Duration.ofSeconds(10), attempt -> {
                String next = "10.9.0." + (2 + attempt);
                relay.abandonConnections();
                agent.register("silent-1", "silent", "\"Address\":\"" + next + "\",\"Port\":80");
                return InTime.timeOf(() -> watched.awaitAddresses(next + ":80"));
            });
        }
    }

    @Test
    void anAgentWhoseIndexGotLostOnTheWayIsAskedNowAndThen() {
        String one = """
                [{"Node": {"Node": "n", "Address": "10.8.0.1"}, "Checks": [],
                  "Service": {"ID": "a", "Service": "api", "Address": "10.8.0.1", "Port": 80}}]""";
        String other = one.replace("10.8.0.1", "10.8.0.2");
        Answer answer = Answer.status(200).header("Content-Type", "application/json");
        try (ScriptedUpstream silent =
                        ScriptedUpstream.start(script -> script.onAny().answer(answer.body(one)));
                Watched watched = Watched.by(
                        Consul.at("http://127.0.0.1:" + silent.port()).service("api"))) {
            watched.awaitAddresses("10.8.0.1:80");
            silent.rescript(script -> script.onAny().answer(answer.body(other)));
            watched.awaitAddresses("10.8.0.2:80");
            assertThat(silent.requests()).hasSizeLessThan(15);
        }
    }

    @Test
    void aDatacenterThatDoesNotAnswerIsFailedOverFrom() {
        agent.register("over-1", "over", "\"Address\":\"10.7.0.1\",\"Port\":80");
        try (Watched watched = Watched.with(discovery -> discovery
                .provider(consul().service("over", query -> query.datacenter("nowhere")))
                .provider(consul().service("over", query -> query.datacenter("dc1")))
                .failover())) {
            watched.awaitAddresses("10.7.0.1:80");
            assertThat(watched.source().lastError())
                    .hasValueSatisfying(text -> assertThat(text).contains("unknown datacenter"));
        }
    }

    @Test
    void anAgentThatIsAwaySaysSo() {
        assertThatThrownBy(() -> asked(Consul.at("http://127.0.0.1:1").service("api")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("http://127.0.0.1:1")
                .hasMessageContaining("refused");
    }
}
