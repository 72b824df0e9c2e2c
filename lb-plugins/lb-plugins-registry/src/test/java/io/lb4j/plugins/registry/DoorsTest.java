package io.lb4j.plugins.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.server.DockerRegistry;
import io.lb4j.testkit.server.DockerRegistry.Doors;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real registries that ask who it is, and one that speaks TLS. */
final class DoorsTest {
    private static final byte[] MODULE = Sources.octets(3000, 1);
    private static final String BASIC = "Basic "
            + Base64.getEncoder()
                    .encodeToString(
                            (DockerRegistry.USER + ":" + DockerRegistry.PASSWORD).getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    @Test
    void aPasswordOpensARegistryThatAsksForOne() throws IOException {
        try (DockerRegistry registry = DockerRegistry.start(Doors.open().withPassword())) {
            Images.at(registry.host(), BASIC).push(Layout.CNCF, "kept", "1", MODULE);
            String image = "oci://" + registry.host() + "/kept:1";

            assertThat(Sources.fetch(
                            folder, image, oci -> oci.credentials(DockerRegistry.USER, DockerRegistry.PASSWORD)))
                    .isEqualTo(MODULE);
            assertThat(Sources.fetch(folder, image, oci -> oci.dockerConfig(dockerConfig(registry.host()))))
                    .isEqualTo(MODULE);
            assertThatThrownBy(() ->
                            Sources.fetch(folder, image, oci -> oci.credentials(DockerRegistry.USER, "wrong-password")))
                    .hasMessageStartingWith("unauthorized: ")
                    .hasMessageNotContaining("wrong-password");
            assertThatThrownBy(() -> Sources.fetch(folder, image, oci -> oci.dockerConfig(dockerConfig("other"))))
                    .hasMessageStartingWith("unauthorized: ");
        }
    }

    private Path dockerConfig(String host) {
        try {
            String coded = BASIC.substring("Basic ".length());
            return Files.writeString(
                    folder.resolve("config.json"), "{\"auths\":{\"" + host + "\":{\"auth\":\"" + coded + "\"}}}");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aTokenIsFetchedWhereTheRegistrySendsForOne() throws IOException {
        TestCertificates authority = TestCertificates.create();
        try (TokenService tokens = TokenService.start(authority);
                DockerRegistry registry = DockerRegistry.start(
                        Doors.open().withTokens(tokens.realm(), authority.writePem(folder.resolve("signers.pem"))))) {
            Images.at(registry.host(), "Bearer " + tokens.token("team/kept", "pull", "push"))
                    .push(Layout.DOCKER, "team/kept", "1", MODULE);
            String image = "oci://" + registry.host() + "/team/kept:1";

            assertThat(Sources.fetch(folder, image, oci -> oci.credentials(TokenService.USER, TokenService.PASSWORD)))
                    .isEqualTo(MODULE);
            List<RecordedRequest> asked = tokens.requests();
            assertThat(asked).hasSize(1);
            assertThat(asked.get(0).target())
                    .isEqualTo("/token?service=registry&scope=repository%3Ateam%2Fkept%3Apull");
            assertThatThrownBy(() -> Sources.fetch(folder, image, oci -> oci.credentials(TokenService.USER, "no")))
                    .hasMessageStartingWith("unauthorized: token service");
        }
    }

    @Test
    void anIdentityTokenIsExchangedForOneThatOpens() throws IOException {
        Digest blob = Digest.of(MODULE);
        String entry = "\"digest\":\"" + blob + "\",\"size\":" + MODULE.length;
        String manifest = Layout.CNCF.manifest(entry, "", entry);
        try (ScriptedUpstream server = ScriptedUpstream.start()) {
            String host = "127.0.0.1:" + server.port();
            server.rescript(script -> {
                script.on("POST", "/token").answer(Answer.status(200).body("{\"access_token\":\"opens\"}"));
                script.when(head -> !head.fields().first("authorization").equals(Optional.of("Bearer opens")))
                        .answer(Answer.status(401)
                                .header(
                                        "WWW-Authenticate",
                                        "Bearer realm=\"http://" + host + "/token\",service=\"s\""));
                script.on("GET", "/v2/x/blobs/" + blob)
                        .answer(Answer.status(200).body(MODULE));
                script.onAny().answer(Answer.status(200).body(manifest));
            });
            Path config = Files.writeString(
                    folder.resolve("config.json"), "{\"auths\":{\"" + host + "\":{\"identitytoken\":\"refresh\"}}}");

            assertThat(Sources.fetch(folder, "oci://" + host + "/x:1", oci -> oci.dockerConfig(config)))
                    .isEqualTo(MODULE);
            RecordedRequest exchange =
                    server.awaitRequest(request -> request.method().equals("POST"));
            assertThat(exchange.headers().first("authorization")).isEmpty();
            assertThat(exchange.awaitComplete().body().text())
                    .isEqualTo("service=s&scope=repository%3Ax%3Apull&grant_type=refresh_token&client_id=lb4j"
                            + "&refresh_token=refresh");
        }
    }

    @Test
    void aRegistrysCertificateIsChecked() throws IOException, GeneralSecurityException {
        TestCertificates authority = TestCertificates.create();
        TestCertificate.PemFiles files = authority.server("127.0.0.1").writePem(folder, "registry");
        Path trusted = authority.writePem(folder.resolve("authority.pem"));
        try (DockerRegistry registry = DockerRegistry.start(Doors.open().secured(files))) {
            Images.securely(registry.host(), trusting(authority)).push(Layout.CNCF, "secret", "1", MODULE);
            String image = "oci://" + registry.host() + "/secret:1";

            assertThat(Sources.fetch(folder, image, oci -> oci.tls(true).authorities(trusted)))
                    .isEqualTo(MODULE);
            assertThatThrownBy(() -> Sources.fetch(folder.resolve("other"), image, oci -> oci.tls(true)))
                    .hasMessageStartingWith("unreachable: ")
                    .hasMessageContaining("certification path");
        }
    }

    private static HttpClient trusting(TestCertificates authority) throws GeneralSecurityException {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(authority.trustStore());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
