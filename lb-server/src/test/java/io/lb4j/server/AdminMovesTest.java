package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.net.ReservedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The administration, while what it is told of itself changes. */
final class AdminMovesTest {
    private static final String YAML = "content-type: application/yaml";
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path folder;

    private Path file;
    private Server server;
    private AdminDeskClient admin;

    @BeforeEach
    void start() throws IOException {
        file = Files.writeString(folder.resolve("lb4j.yaml"), configuration("{port: 0}", 0));
        server = Server.start(ConfigurationFile.at(file));
        admin = here();
    }

    @AfterEach
    void end() {
        server.close();
    }

    private static String configuration(String admin, int port) {
        return "admin: " + admin + "\nlisteners: {main: {port: " + port + "}}\n";
    }

    private AdminDeskClient here() {
        return new AdminDeskClient(server.admin().orElseThrow().port());
    }

    private static long version(RawResponse applied) {
        assertThat(applied.status()).as(applied.text()).isEqualTo(200);
        return AdminDeskClient.json(applied).path("version").asLong();
    }

    @Test
    void aRequestThatAsksForATokenFromNowOnIsAnsweredAndTheNextIsAskedForIt() {
        try (RawClient before = RawClient.connect(admin.port())) {
            before.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
            assertThat(before.readResponse().status()).isEqualTo(200);

            String next = configuration("{port: 0, token: " + TOKEN + "}", 0);
            assertThat(version(admin.send("POST", "/config", next, YAML))).isEqualTo(2);

            assertThat(before.expectClose()).isEqualTo(RawClient.Closure.FIN);
        }
        assertThat(here().port()).isEqualTo(admin.port());
        assertThat(admin.get("/stats").status()).isEqualTo(401);
        assertThat(admin.get("/stats", "authorization: Bearer " + TOKEN).status())
                .isEqualTo(200);
    }

    @Test
    void aRequestThatHasItMoveIsAnsweredWhereItCameIn() {
        int port;
        try (ReservedPort free = ReservedPort.any()) {
            port = free.port();
        }
        String next = configuration("{port: " + port + "}", 0);
        assertThat(version(admin.send("POST", "/config", next, YAML))).isEqualTo(2);
        assertThat(here().port()).isEqualTo(port);
        assertThat(here().get("/health").status()).isEqualTo(200);

        String wider = configuration("{host: 0.0.0.0, token: %s, port: %d}".formatted(TOKEN, port), 0);
        assertThat(version(here().send("POST", "/config", wider, YAML))).isEqualTo(3);
        assertThat(here().get("/stats", "authorization: Bearer " + TOKEN).status())
                .isEqualTo(200);
    }

    @Test
    void aRequestThatHasItCloseIsAnswered() {
        String next = "listeners: {main: {port: 0}}\n";

        assertThat(version(admin.send("POST", "/config", next, YAML))).isEqualTo(2);

        assertThat(server.admin()).isEmpty();
    }

    @Test
    void whatIsRefusedForTheBalancersSakeDisturbsNobodyHere() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RawClient before = RawClient.connect(admin.port())) {
            before.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
            assertThat(before.readResponse().status()).isEqualTo(200);

            RawResponse refused = admin.send(
                    "POST", "/config", configuration("{port: 0, token: " + TOKEN + "}", taken.getLocalPort()), YAML);

            assertThat(refused.status()).isEqualTo(422);
            before.send("GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n");
            assertThat(before.readResponse().status()).isEqualTo(200);
            assertThat(here().port()).isEqualTo(admin.port());
        }
    }

    @Test
    void whatIsRefusedForTheAdministrationsSakeIsToldAndCounted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RawResponse refused =
                    admin.send("POST", "/config", configuration("{port: %d}".formatted(taken.getLocalPort()), 0), YAML);

            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.text()).contains("admin: cannot bind");
            assertThat(server.balancer().stats().configuration().refused()).isEqualTo(1);
            assertThat(admin.get("/health").status()).isEqualTo(200);

            String wider = "{host: 0.0.0.0, token: %s, port: %d}".formatted(TOKEN, taken.getLocalPort());
            refused = admin.send("POST", "/config", configuration(wider, 0), YAML);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(admin.get("/health").status()).isEqualTo(200);
        }
    }

    @Test
    void aSecretThatChangesIsNamedAndNotShown() {
        String first = configuration("{port: 0}", 0)
                + "plugins: {a: {enabled: false, use: request_id, config: {secret: hunter2}}}\n";
        assertThat(version(admin.send("POST", "/config", first, YAML))).isEqualTo(2);

        RawResponse tried = admin.send("POST", "/config?dry_run=true", first.replace("hunter2", "hunter3"), YAML);

        JsonNode changes = AdminDeskClient.json(tried).path("changes");
        assertThat(changes).hasSize(1);
        assertThat(changes.at("/0/path").asText()).isEqualTo("plugins.a.config");
        assertThat(changes.at("/0/before").asText()).isEqualTo("***");
        assertThat(changes.at("/0/after").asText()).isEqualTo("***");
        assertThat(tried.text()).doesNotContain("hunter");
        RawResponse same = admin.send("POST", "/config?dry_run=true", first, YAML);
        assertThat(AdminDeskClient.json(same).path("changes")).isEmpty();
    }

    /** Whoever has not spelled it rightly wants nothing to be put in force all the same. */
    @Test
    void aDryRunThatIsMisspelledPutsNothingInForce() {
        String next = configuration("{port: 0}", 0) + "process: {drain_timeout: 7s}\n";
        for (String query : new String[] {"dryrun=true", "dry_run=1", "dry_run=True", "dry_run", "dry-run=true"}) {
            RawResponse refused = admin.send("POST", "/config?" + query, next, YAML);
            assertThat(refused.status()).as(query).isEqualTo(400);
            assertThat(refused.headers().first("content-type")).contains("application/problem+json");
        }
        assertThat(server.configurations().versions()).hasSize(1);
        assertThat(AdminDeskClient.json(admin.send("POST", "/config?dryrun=true", next, YAML))
                        .path("detail")
                        .asText())
                .isEqualTo("\"dryrun\": unknown parameter (expected: one of dry_run)");
        assertThat(admin.get("/tap?clustr=api").status()).isEqualTo(400);
        assertThat(admin.get("/health/ready?verbose=1").status()).isEqualTo(200);
    }
}
