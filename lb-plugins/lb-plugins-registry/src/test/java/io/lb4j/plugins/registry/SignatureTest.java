package io.lb4j.plugins.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.RegistryClient;
import io.lb4j.plugins.registry.sign.SignedDigest;
import io.lb4j.plugins.registry.sign.SigningKey;
import io.lb4j.plugins.registry.sign.TrustedKey;
import io.lb4j.testkit.server.DockerRegistry;
import io.lb4j.testkit.server.DockerRegistry.Doors;
import io.lb4j.testkit.server.RealServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has signed what is taken, and what is not. */
final class SignatureTest {
    private static final byte[] MODULE = Sources.octets(3000, 1);

    private static DockerRegistry registry;
    private static Images images;
    private static RegistryClient client;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        registry = DockerRegistry.start(Doors.open());
        images = Images.at(registry.host());
        client = Clients.anonymous();
    }

    @AfterAll
    static void end() {
        if (client != null) {
            client.close();
            registry.close();
        }
    }

    private static ImageReference image(String name) {
        return ImageReference.parse("oci://" + registry.host() + "/" + name);
    }

    private byte[] pull(ImageReference image, Consumer<? super OciBuilder> more) throws IOException {
        return Sources.fetch(folder.resolve("cache"), image.toString(), more);
    }

    private static Digest sign(ImageReference image, Keys keys) throws IOException {
        Digest digest = client.resolve(image);
        new Publisher(client).sign(image, digest, keys.signing());
        return digest;
    }

    private static Consumer<OciBuilder> trusting(Keys... publishers) {
        return oci -> {
            for (Keys each : publishers) {
                oci.key(each.open().getFileName().toString().replace(".pub", ""), each.open());
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "p256"})
    void whatItsPublisherHasSignedIsTaken(String kind) throws IOException {
        Keys keys = kind.equals("p256") ? Keys.ec(folder, kind, "secp256r1") : Keys.ed25519(folder, kind);
        ImageReference image = image("signed/" + kind + ":1");
        new Publisher(client).push(image, MODULE);
        Digest digest = sign(image, keys);

        assertThat(pull(image, trusting(keys))).isEqualTo(MODULE);
        assertThat(pull(image.withDigest(digest), trusting(keys))).isEqualTo(MODULE);
    }

    @Test
    void whatNobodyHasSignedIsRefused() {
        images.push(Layout.DOCKER, "unsigned", "1", MODULE);

        assertThatThrownBy(() -> pull(image("unsigned:1"), trusting(Keys.ed25519(folder, "acme"))))
                .hasMessageStartingWith("unsigned: ")
                .hasMessageEndingWith("(expected: signed by one of [acme])");
    }

    @Test
    void whatSomebodyElseHasSignedIsRefused() throws IOException {
        images.push(Layout.DOCKER, "foreign", "1", MODULE);
        Keys other = Keys.ed25519(folder, "other");
        Keys acme = Keys.ec(folder, "acme", "secp256r1");
        sign(image("foreign:1"), other);

        assertThatThrownBy(() -> pull(image("foreign:1"), trusting(acme))).hasMessageStartingWith("wrong_signature: ");
        sign(image("foreign:1"), acme);
        assertThat(pull(image("foreign:1"), trusting(acme))).isEqualTo(MODULE);
        assertThat(pull(image("foreign:1"), trusting(other))).isEqualTo(MODULE);
    }

    @Test
    void theSignatureOfAnotherImageIsNone() throws IOException {
        Keys keys = Keys.ed25519(folder, "acme");
        Digest good = images.push(Layout.CNCF, "swapped", "good", MODULE);
        Digest bad = images.push(Layout.CNCF, "swapped", "bad", Sources.octets(50, 2));
        byte[] payload = SignedDigest.payload(image("swapped:good"), good);
        pushSignature("swapped", bad, payload, keys.signing().sign(payload));

        assertThatThrownBy(() -> pull(image("swapped:bad"), trusting(keys)))
                .hasMessageStartingWith("wrong_signature: ");
    }

    private static void pushSignature(String repository, Digest subject, byte[] payload, byte[] signature) {
        String config = images.blob(repository, "{}".getBytes(StandardCharsets.UTF_8));
        String layer = images.blob(repository, payload);
        String manifest = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\"," + config + "},\"layers\":[{"
                + "\"mediaType\":\"application/vnd.dev.cosign.simplesigning.v1+json\"," + layer
                + ",\"annotations\":{\"dev.cosignproject.cosign/signature\":\""
                + Base64.getEncoder().encodeToString(signature) + "\"}}]}";
        String tag = "sha256-" + subject.hex() + ".sig";
        images.manifest(repository, tag, "application/vnd.oci.image.manifest.v1+json", manifest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ec"})
    void whatOpensslHasSignedIsTaken(String algorithm) throws IOException, InterruptedException {
        RealServer.require("openssl");
        Digest digest = images.push(Layout.OCI_ARCHIVE, "openssl/" + algorithm, "1", MODULE);
        // As cosign writes it, with another order of keys than ours.
        String payload =
                "{\"critical\":{\"type\":\"cosign container image signature\",\"image\":{\"docker-manifest-digest\":\""
                        + digest
                        + "\"},\"identity\":{\"docker-reference\":\"\"}},\"optional\":{\"creator\":\"openssl\"}}";
        Path message = Files.writeString(folder.resolve("payload"), payload);
        Path secret = folder.resolve("acme.key");
        Path open = folder.resolve("acme.pub");
        List<String> curve = algorithm.equals("ec") ? List.of("-pkeyopt", "ec_paramgen_curve:P-256") : List.of();
        openssl("genpkey", "-algorithm", algorithm, "-out", secret.toString(), curve);
        openssl("pkey", "-in", secret.toString(), "-pubout", "-out", open.toString());
        Path signature = folder.resolve("signature");
        List<String> digesting = algorithm.equals("ec") ? List.of("-digest", "sha256") : List.of();
        openssl(
                "pkeyutl",
                "-sign",
                "-rawin",
                "-inkey",
                secret.toString(),
                "-in",
                message.toString(),
                "-out",
                signature.toString(),
                digesting);
        pushSignature(
                "openssl/" + algorithm,
                digest,
                payload.getBytes(StandardCharsets.UTF_8),
                Files.readAllBytes(signature));

        assertThat(pull(image("openssl/" + algorithm + ":1"), oci -> oci.key("acme", open)))
                .isEqualTo(MODULE);
        assertThat(TrustedKey.read("acme", open)
                        .hasSigned(new byte[1], SigningKey.read(secret).sign(new byte[1])))
                .isTrue();
    }

    private static void openssl(Object... words) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder("openssl").redirectErrorStream(true);
        for (Object word : words) {
            if (word instanceof List<?> more) {
                more.forEach(each -> command.command().add(String.valueOf(each)));
            } else {
                command.command().add(String.valueOf(word));
            }
        }
        Process process = command.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @Test
    void whatIsRevokedIsRefusedWhoeverHasSignedIt() throws IOException {
        Keys keys = Keys.ed25519(folder, "acme");
        Digest digest = images.push(Layout.CNCF, "revoked", "1", MODULE);
        sign(image("revoked:1"), keys);

        assertThat(pull(image("revoked:1"), trusting(keys))).isEqualTo(MODULE);
        assertThatThrownBy(() ->
                        pull(image("revoked:1"), trusting(keys).andThen(oci -> oci.revoked(digest.toString()))))
                .hasMessageStartingWith("revoked: ");
    }

    @Test
    void aSignatureThatIsKnownOutlastsItsRegistry() throws IOException {
        Keys keys = Keys.ed25519(folder, "acme");
        try (DockerRegistry own = DockerRegistry.start(Doors.open())) {
            ImageReference image = ImageReference.parse("oci://" + own.host() + "/kept:1");
            new Publisher(client).push(image, MODULE);
            sign(image, keys);
            assertThat(pull(image, trusting(keys))).isEqualTo(MODULE);
            own.kill();

            assertThat(pull(image, trusting(keys))).isEqualTo(MODULE);
            assertThatThrownBy(() -> pull(image, trusting(Keys.ed25519(folder, "other"))))
                    .hasMessageStartingWith("unreachable: ");
        }
    }

    @Test
    void onlyKeysOfTwoKindsAreTaken() throws IOException {
        Path other = Files.writeString(
                folder.resolve("other"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");

        for (Path file : List.of(
                Keys.ec(folder, "large", "secp384r1").open(),
                other,
                Keys.ed25519(folder, "secret").secret())) {
            assertThatThrownBy(() -> TrustedKey.read("acme", file)).hasMessageContaining("no key (expected: ");
        }
        assertThatThrownBy(() -> SigningKey.read(Keys.ed25519(folder, "open").open()))
                .hasMessageContaining("expected: BEGIN PRIVATE KEY");
    }
}
