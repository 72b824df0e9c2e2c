package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.plugins.registry.Publisher;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.RegistryAccess;
import io.lb4j.plugins.registry.oci.RegistryClient;
import io.lb4j.plugins.registry.sign.SigningKey;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.server.DockerRegistry;
import io.lb4j.testkit.server.DockerRegistry.Doors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that a file names by its place in a registry, from its publisher to an exchange. */
final class RegistryPluginTest {
    private static final Path MODULE = Path.of("../examples/wasm/custom-auth.wasm");
    private static final String MANIFEST = """
            {"schema_version": 1, "abi": "proxy-wasm",
             "config": {"required": ["tokens"], "properties": {"tokens": {"items": {"type": "string"}}}}}
            """;

    @TempDir
    Path folder;

    private String publish(DockerRegistry registry) throws IOException, NoSuchAlgorithmException {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Path secret = pem("PRIVATE KEY", pair.getPrivate(), "acme.key");
        pem("PUBLIC KEY", pair.getPublic(), "acme.pub");
        ImageReference image = ImageReference.parse("oci://" + registry.host() + "/auth:1");
        try (RegistryClient client = new RegistryClient(RegistryAccess.usual())) {
            Publisher publisher = new Publisher(client);
            Digest digest =
                    publisher.push(image, Files.readAllBytes(MODULE), MANIFEST.getBytes(StandardCharsets.UTF_8));
            publisher.sign(image, digest, SigningKey.read(secret));
        }
        return image.toString();
    }

    private Path pem(String label, Key key, String name) throws IOException {
        String coded = Base64.getMimeEncoder().encodeToString(key.getEncoded());
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + label + "-----\n" + coded + "\n-----END " + label + "-----\n");
    }

    private Path configuration(String image, String config) throws IOException {
        return Files.writeString(folder.resolve("lb4j.yaml"), """
                listeners: {main: {port: 0}}
                routes: [{respond: {status: 200}}]
                plugins:
                  - name: auth
                    use:
                      type: wasm
                      source: {type: oci, image: "%s", keys: {acme: acme.pub}, cache: "%s"}
                    config: %s
                """.formatted(image, folder.resolve("cache"), config));
    }

    private static int ask(Server server, String token) {
        try (RawClient client = RawClient.connect(server.balancer().port())) {
            return client.send("GET / HTTP/1.1\r\nhost: a\r\nauthorization: " + token + "\r\n\r\n")
                    .readResponse()
                    .status();
        }
    }

    @Test
    void aPluginServesThatItsPublisherHasSigned() throws IOException, NoSuchAlgorithmException {
        try (DockerRegistry registry = DockerRegistry.start(Doors.open())) {
            String image = publish(registry);
            try (Server server = Server.start(ConfigurationFile.at(configuration(image, "{tokens: [sesame]}")))) {
                assertThat(ask(server, "Bearer sesame")).isEqualTo(200);
                assertThat(ask(server, "Bearer other")).isEqualTo(401);
            }
            ConfigurationFile wrong = ConfigurationFile.at(configuration(image, "{tokens: [7]}"));
            assertThatThrownBy(() -> Server.start(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("plugins.auth")
                    .hasMessageContaining("config.tokens[0]: integer found, string expected");
        }
    }
}
