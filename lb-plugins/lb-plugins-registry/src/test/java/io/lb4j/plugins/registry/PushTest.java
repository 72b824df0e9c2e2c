package io.lb4j.plugins.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.plugins.registry.oci.CredentialSource;
import io.lb4j.plugins.registry.oci.Credentials;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageManifest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.RegistryClient;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.server.DockerRegistry;
import io.lb4j.testkit.server.DockerRegistry.Doors;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that are published. */
final class PushTest {
    private static final byte[] MODULE = Sources.octets(3000, 1);

    @TempDir
    private Path folder;

    private static CredentialSource credentials(String user, String password) {
        return host -> Optional.of(new Credentials(user, password));
    }

    @Test
    void theSameModuleMakesTheSameImage() throws IOException {
        try (DockerRegistry registry = DockerRegistry.start(Doors.open());
                RegistryClient client = Clients.anonymous()) {
            ImageReference image = ImageReference.parse("oci://" + registry.host() + "/team/auth:1");
            Publisher publisher = new Publisher(client);
            Digest first = publisher.push(image, MODULE);

            assertThat(publisher.push(image.withTag("2"), MODULE)).isEqualTo(first);
            assertThat(client.resolve(image)).isEqualTo(first);
            ImageManifest manifest = ImageManifest.parse(client.manifest(image, first));
            assertThat(manifest.layers()).singleElement().satisfies(layer -> {
                assertThat(layer.mediaType()).isEqualTo("application/wasm");
                assertThat(layer.digest()).isEqualTo(Digest.of(MODULE));
            });
            assertThat(Sources.fetch(folder, image.toString())).isEqualTo(MODULE);
        }
    }

    @Test
    void whoeverKnowsThePasswordMayPublish() throws IOException {
        try (DockerRegistry registry = DockerRegistry.start(Doors.open().withPassword());
                RegistryClient known = Clients.with(credentials(DockerRegistry.USER, DockerRegistry.PASSWORD));
                RegistryClient unknown = Clients.anonymous()) {
            ImageReference image = ImageReference.parse("oci://" + registry.host() + "/auth:1");

            assertThatThrownBy(() -> new Publisher(unknown).push(image, MODULE))
                    .hasMessageStartingWith("unauthorized: ");
            Digest digest = new Publisher(known).push(image, MODULE);
            new Publisher(known)
                    .sign(image, digest, Keys.ed25519(folder, "acme").signing());
            assertThat(known.resolve(image)).isEqualTo(digest);
        }
    }

    @Test
    void aTokenForPublishingIsFetched() throws IOException {
        TestCertificates authority = TestCertificates.create();
        try (TokenService tokens = TokenService.start(authority);
                DockerRegistry registry = DockerRegistry.start(
                        Doors.open().withTokens(tokens.realm(), authority.writePem(folder.resolve("signers.pem"))));
                RegistryClient client = Clients.with(credentials(TokenService.USER, TokenService.PASSWORD))) {
            ImageReference image = ImageReference.parse("oci://" + registry.host() + "/team/auth:1");
            Digest digest = new Publisher(client).push(image, MODULE);

            assertThat(client.resolve(image)).isEqualTo(digest);
            assertThat(tokens.requests())
                    .extracting(request -> request.target().replaceFirst(".*scope=", ""))
                    .containsExactly("repository%3Ateam%2Fauth%3Apull%2Cpush", "repository%3Ateam%2Fauth%3Apull");
        }
    }

    @Test
    void aPlaceForBlobsElsewhereIsNotToldWhoThisIs() throws IOException {
        try (ScriptedUpstream store =
                        ScriptedUpstream.start(script -> script.onAny().answer(201));
                ScriptedUpstream registry = ScriptedUpstream.start(script -> {
                    script.when(head -> head.fields().first("authorization").isEmpty())
                            .answer(Answer.status(401).header("WWW-Authenticate", "Basic realm=\"test\""));
                    script.when(head -> head.method().equals("HEAD")).answer(404);
                    script.on("POST", "/v2/auth/blobs/uploads/")
                            .answer(Answer.status(202)
                                    .header("Location", "http://127.0.0.1:" + store.port() + "/upload?state=1"));
                    script.onAny().answer(201);
                });
                RegistryClient client = Clients.with(credentials("user", "secret"))) {
            ImageReference image = ImageReference.parse("oci://127.0.0.1:" + registry.port() + "/auth:1");
            new Publisher(client).push(image, MODULE);

            assertThat(store.requests()).hasSize(2).allSatisfy(request -> {
                assertThat(request.target()).startsWith("/upload?state=1&digest=sha256:");
                assertThat(request.headers().first("authorization")).isEmpty();
            });
        }
    }
}
