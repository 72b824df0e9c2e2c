package io.lb4j.plugins.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.Script;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.tls.ServerTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Registries that do not do as they should. */
final class HostileRegistryTest {
    private static final byte[] MODULE = Sources.octets(3000, 1);
    private static final Digest BLOB = Digest.of(MODULE);
    private static final String ENTRY = "\"digest\":\"" + BLOB + "\",\"size\":" + MODULE.length;
    private static final String CONFIG = "\"digest\":\"" + Digest.of(new byte[0]) + "\",\"size\":0";
    private static final String MANIFEST = Layout.CNCF.manifest(CONFIG, "", ENTRY);

    @TempDir
    private Path folder;

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Scripts a registry with one tag, whose blobs are what the test says. */
    private static Consumer<Script> tag(String manifest, Consumer<Script> more) {
        return script -> {
            more.accept(script);
            Digest digest = digest(manifest);
            script.on("HEAD", "/v2/x/manifests/1")
                    .answer(Answer.status(200).header("Docker-Content-Digest", digest.toString()));
            script.on("GET", "/v2/x/manifests/" + digest)
                    .answer(Answer.status(200).body(manifest));
        };
    }

    private static Consumer<Script> blob(Answer answer) {
        return tag(MANIFEST, script -> script.on("GET", "/v2/x/blobs/" + BLOB).answer(answer));
    }

    private byte[] pull(ScriptedUpstream registry, Consumer<? super OciBuilder> more) throws IOException {
        return Sources.fetch(folder.resolve("cache"), "oci://127.0.0.1:" + registry.port() + "/x:1", more);
    }

    private void assertRefused(Consumer<Script> script, String message) {
        try (ScriptedUpstream registry = ScriptedUpstream.start(script)) {
            assertThatThrownBy(() -> pull(registry, oci -> {})).hasMessageStartingWith(message);
        }
        assertThat(folder.resolve("cache/blobs/sha256/" + BLOB.hex())).doesNotExist();
        assertThat(folder.resolve("cache/incoming")).isEmptyDirectory();
    }

    @Test
    void aBlobThatIsAnotherOneIsRefused() {
        assertRefused(blob(Answer.status(200).body(Sources.octets(3000, 2))), "wrong_digest: ");
        assertRefused(blob(Answer.status(200).body(Sources.octets(2999, 1))), "wrong_digest: ");
    }

    @Test
    void aBlobThatEndsTooSoonIsRefused() {
        assertRefused(blob(Answer.status(200).body(MODULE).truncateBody(1000)), "unreachable: ");
        assertRefused(blob(Answer.status(200).body(MODULE).resetAt(1000)), "unreachable: ");
    }

    @Test
    void aBlobThatIsLongerThanItIsSaidToBeIsRefused() {
        assertRefused(blob(Answer.status(200).payload(100L << 20).chunked()), "too_large: ");
    }

    @Test
    void aManifestThatIsAnotherOneIsRefused() {
        assertRefused(
                script -> {
                    script.on("HEAD", "/v2/x/manifests/1")
                            .answer(Answer.status(200)
                                    .header(
                                            "Docker-Content-Digest",
                                            digest("other").toString()));
                    script.onAny().answer(Answer.status(200).body(MANIFEST));
                },
                "wrong_digest: ");
    }

    @Test
    void aManifestWithoutEndIsRefused() {
        assertRefused(script -> script.onAny().answer(Answer.status(200).payload(100L << 20)), "too_large: ");
    }

    @Test
    void aRegistryThatSaysNothingOfTheDigestIsAskedForTheManifest() throws IOException {
        try (ScriptedUpstream registry = ScriptedUpstream.start(script -> {
            script.on("GET", "/v2/x/blobs/" + BLOB).answer(Answer.status(200).body(MODULE));
            script.on("HEAD", "/v2/x/manifests/1").answer(405);
            script.onAny().answer(Answer.status(200).body(MANIFEST));
        })) {
            assertThat(pull(registry, oci -> {})).isEqualTo(MODULE);
        }
    }

    static Stream<String> manifests() {
        String nested = "[".repeat(100_000);
        return Stream.of(
                "",
                "[]",
                "null",
                "{\"schemaVersion\":1}",
                "{\"schemaVersion\":2}",
                "{\"schemaVersion\":2,\"layers\":[],\"manifests\":[]}",
                "{\"schemaVersion\":2,\"layers\":[],\"layers\":[]}",
                "{\"schemaVersion\":2,\"manifests\":{}}",
                MANIFEST + MANIFEST,
                MANIFEST.replace("{\"schemaVersion\":2", "{\"schemaVersion\":2,\"x\":" + nested),
                MANIFEST.replace("\"size\":3000", "\"size\":-1"),
                MANIFEST.replace("\"size\":3000", "\"size\":3e3"),
                MANIFEST.replace("\"size\":3000", "\"size\":99999999999999999999"),
                MANIFEST.replace(BLOB.toString(), "sha256:../../etc/passwd"),
                MANIFEST.replace(BLOB.toString(), "sha512:" + BLOB.hex()),
                Layout.CNCF.manifest(CONFIG, "", ENTRY + "},{".repeat(1000)).replace("},{", "},{" + ENTRY));
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void aManifestThatCannotBeReadIsRefused(String manifest) {
        assertRefused(tag(manifest, script -> {}), "malformed: ");
    }

    @Test
    void anIndexOfIndexesIsRefused() {
        String inner = "{\"schemaVersion\":2,\"manifests\":[]}";
        String outer = "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" + digest(inner) + "\",\"size\":"
                + inner.length() + "}]}";
        assertRefused(
                tag(
                        outer,
                        script -> script.on("GET", "/v2/x/manifests/" + digest(inner))
                                .answer(Answer.status(200).body(inner))),
                "malformed: ");
    }

    @Test
    void aLayerThatExpandsWithoutEndIsRefused() {
        byte[] bomb = new Tar().file("zeros", new byte[64 << 20]).packed();
        String entry = "\"digest\":\"" + Digest.of(bomb) + "\",\"size\":" + bomb.length;
        String manifest = Layout.DOCKER.manifest(CONFIG, entry, entry);
        assertRefused(
                tag(
                        manifest,
                        script -> script.on("GET", "/v2/x/blobs/" + Digest.of(bomb))
                                .answer(Answer.status(200).body(bomb))),
                "too_large: ");
    }

    @Test
    void aRegistryThatRedirectsWithoutEndIsGivenUp() {
        assertRefused(
                tag(
                        MANIFEST,
                        script -> script.on("GET", "/v2/x/blobs/" + BLOB)
                                .answer(Answer.status(307).header("Location", "/v2/x/blobs/" + BLOB))),
                "unexpected_answer: ");
    }

    @Test
    void aRegistryThatStandsStillIsGivenUp() {
        try (ScriptedUpstream registry =
                ScriptedUpstream.start(script -> script.onAny().stall().answer(200))) {
            assertThatThrownBy(() -> pull(registry, oci -> oci.timeout(Duration.ofMillis(300))))
                    .hasMessageStartingWith("unreachable: ")
                    .hasMessageContaining("no whole answer within");
        }
    }

    @Test
    void nobodyElseIsTold() throws IOException {
        try (ScriptedUpstream store = ScriptedUpstream.start(
                        script -> script.onAny().answer(Answer.status(200).body(MODULE)));
                ScriptedUpstream registry = ScriptedUpstream.start(guarded(
                        Answer.status(307).header("Location", "http://127.0.0.1:" + store.port() + "/b?sig=1")))) {
            assertThat(pull(registry, oci -> oci.credentials("user", "secret"))).isEqualTo(MODULE);
            assertThat(registry.requests().stream()
                            .filter(request ->
                                    request.headers().first("authorization").isPresent()))
                    .isNotEmpty();
            assertThat(store.requests()).hasSize(1);
            assertThat(store.requests().get(0).headers().first("authorization")).isEmpty();
        }
    }

    /** Asks for a password, and answers those who know one. */
    private static Consumer<Script> guarded(Answer blob) {
        return script -> {
            script.when(head -> head.fields().first("authorization").isEmpty())
                    .answer(Answer.status(401).header("WWW-Authenticate", "Basic realm=\"test\""));
            blob(blob).accept(script);
        };
    }

    @Test
    void aStoreOfBlobsThatAsksWhoItIsIsNotAnswered() {
        try (ScriptedUpstream store = ScriptedUpstream.start(script ->
                        script.onAny().answer(Answer.status(401).header("WWW-Authenticate", "Basic realm=\"test\"")));
                ScriptedUpstream registry = ScriptedUpstream.start(
                        guarded(Answer.status(302).header("Location", "http://127.0.0.1:" + store.port() + "/b")))) {
            assertThatThrownBy(() -> pull(registry, oci -> oci.credentials("user", "secret")))
                    .hasMessageStartingWith("unauthorized: ");
            assertThat(store.requests())
                    .extracting(RecordedRequest::headers)
                    .allSatisfy(
                            fields -> assertThat(fields.first("authorization")).isEmpty());
        }
    }

    @Test
    void aRegistryWithTlsLeadsNobodyToPlainText() throws IOException {
        TestCertificates authority = TestCertificates.create();
        Path trusted = authority.writePem(folder.resolve("authority.pem"));
        try (ScriptedUpstream plain = ScriptedUpstream.start();
                ScriptedUpstream registry =
                        ScriptedUpstream.start(script -> script.tls(ServerTls.with(authority.server("127.0.0.1"))))) {
            String elsewhere = "http://127.0.0.1:" + plain.port();
            registry.rescript(blob(Answer.status(307).header("Location", elsewhere + "/b")));
            assertThatThrownBy(() -> pull(registry, oci -> oci.tls(true).authorities(trusted)))
                    .hasMessageStartingWith("forbidden_address: ");

            registry.rescript(script -> script.onAny()
                    .answer(Answer.status(401)
                            .header("WWW-Authenticate", "Bearer realm=\"" + elsewhere + "/token\",service=\"s\"")));
            assertThatThrownBy(() -> pull(
                            registry, oci -> oci.tls(true).authorities(trusted).credentials("user", "secret")))
                    .hasMessageStartingWith("forbidden_address: ");
            assertThat(plain.requests()).isEmpty();
        }
    }

    @Test
    void whatARegistryAsksForMayBeUnknown() {
        for (String field : new String[] {"Negotiate", "", "Bearer", "Bearer realm=\"::\"", "Basic"}) {
            try (ScriptedUpstream registry = ScriptedUpstream.start(
                    script -> script.onAny().answer(Answer.status(401).header("WWW-Authenticate", field)))) {
                assertThatThrownBy(() -> pull(registry, oci -> {}))
                        .hasMessageMatching("(?s)(unauthorized|malformed|forbidden_address): .*");
            }
        }
    }
}
