package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.net.ReservedPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not work stops nothing else, and is told. */
final class DegradationTest {
    @TempDir
    Path folder;

    @Test
    void servesWithoutItsRegistryItsAuthorityAndItsPlugin() throws IOException {
        try (ReservedPort nobody = ReservedPort.any()) {
            Path file = Files.writeString(folder.resolve("lb4j.yaml"), """
                    admin: {port: 0}
                    listeners: {main: {port: 0}, secure: {port: 0, tls: {}}}
                    clusters:
                      api:
                        discovery: {initial_wait: 1s, providers: [{type: http, url: "http://127.0.0.1:%1$d/endpoints"}]}
                    routes: [{respond: {status: 200, body: well}}]
                    acme:
                      domains: [a.example.com]
                      accept_terms: true
                      storage_path: kept
                      authorities: [{directory: "https://127.0.0.1:%1$d/directory"}]
                    plugins:
                      audit: {required: false, use: request_id, config: {not: taken}}
                      tokens: {use: {type: jwt, jwks: "http://127.0.0.1:%1$d/jwks"}, paths: [/never]}
                    """.formatted(nobody.port()));
            try (Server server = Server.start(ConfigurationFile.at(file));
                    RawClient client =
                            RawClient.connect(server.balancer().address("main").getPort())) {
                assertThat(client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                                .readResponse()
                                .text())
                        .isEqualTo("well");
                AdminDeskClient admin =
                        new AdminDeskClient(server.admin().orElseThrow().port());
                assertThat(admin.json("/health/ready").path("status").asText()).isEqualTo("up");
                JsonNode health = admin.json("/health");
                assertThat(health.path("status").asText()).isEqualTo("degraded");
                for (String component : new String[] {
                    "cluster api", "certificate a.example.com", "plugin plugins.audit", "plugin plugins.tokens"
                }) {
                    assertThat(health.at("/components/" + component + "/status").asText())
                            .as(component)
                            .isEqualTo("degraded");
                }
                String audit = "cannot begin, exchanges go without it: config: something (expected: nothing";
                assertThat(health.at("/components/plugin plugins.audit/troubles")
                                .toString())
                        .startsWith("[\"start: " + audit)
                        .doesNotContain("\",\"");
                assertThat(admin.json("/plugins").at("/plugins.audit/out").asBoolean())
                        .isTrue();
                assertThat(admin.get("/metrics").text()).contains("lb4j_plugin_degraded{plugin=\"plugins.audit\"} 1");
                assertThat(admin.json("/faults").findValuesAsText("text"))
                        .anyMatch(text -> text.startsWith("plugin plugins.audit is degraded: start: " + audit));
                assertThat(health.at("/components/plugin plugins.tokens/troubles/0")
                                .asText())
                        .startsWith("keys: there are no keys: http://127.0.0.1:" + nobody.port());
                assertThat(health.at("/components/plugin plugins.tokens/dependencies/keys")
                                .asText())
                        .isEqualTo("degraded");
                assertThat(admin.json("/plugins")
                                .at("/plugins.tokens/dependencies/keys/trouble")
                                .asText())
                        .startsWith("there are no keys");
            }
        }
    }
}
