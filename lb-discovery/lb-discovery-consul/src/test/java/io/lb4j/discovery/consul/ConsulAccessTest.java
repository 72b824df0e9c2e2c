package io.lb4j.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Part;
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

    private static List<Endpoint> asked(Part provider) throws IOException {
        try (Discovery discovery = provider.create(Discovery.class)) {
            return discovery.discover();
        }
    }

    @Test
    void aTokenReadsWhatItsPolicyAllowsAndIsToldWhatItDoesNot() throws IOException {
        String acl =
                "{\"acl\":{\"enabled\":true,\"default_policy\":\"deny\",\"tokens\":{\"master\":\"" + MASTER + "\"}}}";
        try (ConsulServer server = ConsulServer.start(acl)) {
            Agent agent = new Agent(server.url(), MASTER);
            agent.register("one", "api", "\"Address\":\"10.0.0.1\",\"Port\":80");
            agent.put(
                    "/v1/acl/policy",
                    "{\"Name\":\"reader\",\"Rules\":\"service_prefix \\\"\\\" { policy = \\\"read\\\" }"
                            + " node_prefix \\\"\\\" { policy = \\\"read\\\" }\"}");
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
