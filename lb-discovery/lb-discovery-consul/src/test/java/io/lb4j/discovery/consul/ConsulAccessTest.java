package io.lb4j.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Part;
import io.lb4j.discovery.Watched;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Discovery;
import io.lb4j.spi.SharedStore;
import io.lb4j.testkit.server.ConsulServer;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and what is told to those who are not. */
final class ConsulAccessTest {
    private static final String MASTER = "11111111-2222-3333-4444-555555555555";
    private static final String READER = "aaaaaaaa-2222-3333-4444-555555555555";
    private static final String UNKNOWN = "bbbbbbbb-2222-3333-4444-555555555555";

    private static final String DENYING =
            "{\"acl\":{\"enabled\":true,\"default_policy\":\"deny\",\"tokens\":{\"master\":\"" + MASTER + "\"}}}";
    private static final String READS_SERVICES = "service_prefix \\\"\\\" { policy = \\\"read\\\" } ";
    private static final String READS_NODES = "node_prefix \\\"\\\" { policy = \\\"read\\\" } ";

    private static String policy(String name, String rules) {
        return "{\"Name\":\"" + name + "\",\"Rules\":\"" + rules + "\"}";
    }

    private static List<Endpoint> asked(Part provider) throws IOException {
        try (Discovery discovery = provider.create(Discovery.class)) {
            return discovery.discover();
        }
    }

    @Test
    void aTokenReadsWhatItsPolicyAllowsAndIsToldWhatItDoesNot() throws IOException {
        try (ConsulServer server = ConsulServer.start(DENYING)) {
            Agent agent = new Agent(server.url(), MASTER);
            agent.register("one", "api", "\"Address\":\"10.0.0.1\",\"Port\":80");
            agent.put("/v1/acl/policy", policy("reader", READS_SERVICES + READS_NODES));
            agent.put("/v1/acl/token", "{\"SecretID\":\"" + READER + "\",\"Policies\":[{\"Name\":\"reader\"}]}");
            Consul consul = Consul.at(server.url()).timeout(Duration.ofSeconds(60));

            assertThat(asked(consul.token(READER).service("api"))).hasSize(1);
            assertThatThrownBy(() -> asked(consul.token(UNKNOWN).service("api")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the token is not known there")
                    .hasMessageNotContaining(UNKNOWN);
            try (SharedStore store = consul.token(READER).store()) {
                assertThatThrownBy(() -> store.put("a", new byte[1]))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("the token may not read lb4j/values/a")
                        .hasMessageNotContaining(READER);
            }
            assertThat(consul.token(READER)).asString().doesNotContain(READER);
        }
    }

    @Test
    void whatATokenMayNotReadIsNotTakenForEmpty() throws IOException {
        try (ConsulServer server = ConsulServer.start(DENYING)) {
            Agent agent = new Agent(server.url(), MASTER);
            agent.register("one", "api", "\"Address\":\"10.0.0.1\",\"Port\":80");
            String made = agent.put("/v1/acl/policy", policy("reader", READS_SERVICES));
            String place = "/v1/acl/policy/" + made.replaceAll("(?s).*\"ID\": *\"([^\"]*)\".*", "$1");
            agent.put("/v1/acl/token", "{\"SecretID\":\"" + READER + "\",\"Policies\":[{\"Name\":\"reader\"}]}");
            Consul consul = Consul.at(server.url()).timeout(Duration.ofSeconds(60));

            assertThatThrownBy(() -> asked(consul.service("api")))
                    .hasMessageContaining(
                            "nobody without a token may read service api (expected: a token whose policy");
            assertThatThrownBy(() -> asked(consul.token(READER).service("api")))
                    .hasMessageContaining("the token may not read the nodes of service api")
                    .hasMessageNotContaining(READER);

            agent.put(place, policy("reader", READS_SERVICES + READS_NODES));
            assertThat(asked(consul.token(READER).service("absent"))).isEmpty();
            try (Watched watched =
                    Watched.by(consul.wait(Duration.ofSeconds(1)).token(READER).service("api"))) {
                watched.awaitAddresses("10.0.0.1:80");
                agent.put(place, policy("reader", READS_NODES));
                watched.awaitStale();
                assertThat(watched.addresses()).containsExactly("10.0.0.1:80");
                agent.put(place, policy("reader", READS_SERVICES + READS_NODES));
                watched.awaitFresh();
                agent.deregister("one");
                watched.awaitAddresses();
            }
        }
    }

    @Test
    void aTokenThatCannotBeSentIsRefusedWithoutBeingShown() {
        for (String token : List.of("t\u00f6ken-of-lb", "token of lb", "token-of-lb\n")) {
            assertThatThrownBy(() -> Consul.at("http://127.0.0.1:8500").token(token))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("token: *** (expected: a token of visible ASCII)");
        }
    }

    @Test
    void theAgentShowsACertificateThatIsVerified(@TempDir Path folder) throws IOException {
        TestCertificates authority = TestCertificates.create();
        Path trusted = authority.writePem(folder.resolve("ca.pem"));
        TestCertificate.PemFiles own = authority.server("127.0.0.1").writePem(folder, "server");
        try (ConsulServer server = ConsulServer.startSecured(own)) {
            assertThat(asked(Consul.at(server.secureUrl())
                            .timeout(Duration.ofSeconds(60))
                            .trust(trusted)
                            .service("api")))
                    .isEmpty();
            assertThatThrownBy(() -> asked(Consul.at(server.secureUrl()).service("api")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("certif");
        }
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> Consul.at("127.0.0.1:8500"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("http://127.0.0.1:8500");
    }
}
