package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that stand in files: how much time they have left is seen before it is over. */
final class CertificateHealthTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final TestCertificates authority = TestCertificates.create();
    private Path file;

    @BeforeEach
    void write() throws IOException {
        authority.server("a.test").writePem(folder, "a");
        file = Files.writeString(folder.resolve("lb4j.yaml"), """
                admin: {port: 0}
                listeners:
                  main: {port: 0, tls: {certificates: [{chain: a.crt, key: a.key}], self_signed: [b.test]}}
                """);
    }

    private static AdminDeskClient admin(Server server) {
        return new AdminDeskClient(server.admin().orElseThrow().port());
    }

    @Test
    void areShownWithTheirTime() {
        try (Server server = Server.start(ConfigurationFile.at(file))) {
            JsonNode certificates = admin(server).json("/certificates");

            assertThat(certificates.findValuesAsText("authority")).contains("itself");
            JsonNode held = certificates.get(0).path("held");
            assertThat(certificates.at("/0/names/0").asText()).isEqualTo("a.test");
            assertThat(Instant.parse(held.path("not_after").asText())).isAfter(Instant.now());
            assertThat(admin(server).json("/health").path("status").asText()).isEqualTo("up");
        }
    }

    /** After an update too, while handshakes still end by the settings before. */
    @Test
    void areShownOnceHoweverManyUseThem() throws IOException {
        try (Server server = Server.start(ConfigurationFile.at(file))) {
            Files.writeString(file, """
                    admin: {port: 0}
                    listeners:
                      main: {port: 0, tls: {certificates: [{chain: a.crt, key: a.key}], min_version: '1.3'}}
                      more: {port: 0, tls: {certificates: [{chain: a.crt, key: a.key}]}}
                    """);
            assertThat(admin(server).post("/config/reload", "").status()).isEqualTo(200);

            assertThat(admin(server).json("/certificates").findValuesAsText("serial"))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void neitherWhatIsOverNorFilesThatCannotBeUsedGoUnseen() throws IOException {
        try (Server server = Server.start(ConfigurationFile.at(file))) {
            authority.expired("a.test").writePem(folder, "a");
            awaitTrouble(server, "over since ");

            Files.writeString(folder.resolve("a.crt"), "no certificate");
            awaitTrouble(server, "attempts failed: ");

            authority.server("a.test").writePem(folder, "a");
            await().atMost(PATIENCE)
                    .until(() -> admin(server)
                            .json("/health")
                            .path("status")
                            .asText()
                            .equals("up"));
        }
    }

    private static void awaitTrouble(Server server, String wanted) {
        await().atMost(PATIENCE)
                .until(() -> admin(server)
                        .json("/health")
                        .at("/components/certificate a.test/troubles")
                        .toString()
                        .contains(wanted));
    }
}
