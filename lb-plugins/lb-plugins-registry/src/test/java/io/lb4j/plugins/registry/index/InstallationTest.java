package io.lb4j.plugins.registry.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.plugins.registry.Clients;
import io.lb4j.plugins.registry.Keys;
import io.lb4j.plugins.registry.Publisher;
import io.lb4j.plugins.registry.oci.BlobCache;
import io.lb4j.plugins.registry.oci.CachedRegistry;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.RegistryClient;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.sign.PublisherCheck;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.server.DockerRegistry;
import io.lb4j.testkit.server.DockerRegistry.Doors;
import io.lb4j.testkit.time.FakeClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that are found in an index, installed, updated and rolled back. */
final class InstallationTest {
    private static DockerRegistry server;
    private static RegistryClient client;

    @TempDir
    private Path folder;

    private Keys keys;
    private final FakeClock clock = FakeClock.create();

    @BeforeAll
    static void start() throws IOException {
        server = DockerRegistry.start(Doors.open());
        client = Clients.anonymous();
    }

    @AfterAll
    static void end() {
        if (client != null) {
            client.close();
            server.close();
        }
    }

    @BeforeEach
    void makeKeys() {
        keys = Keys.ed25519(folder, "acme");
    }

    private static byte[] module(String version) {
        return version.getBytes(StandardCharsets.UTF_8);
    }

    private Release publish(String version) throws IOException {
        ImageReference image = ImageReference.parse("oci://" + server.host() + "/auth:" + version);
        Publisher publisher = new Publisher(client);
        Digest digest = publisher.push(image, module(version));
        publisher.sign(image, digest, keys.signing());
        return new Release(SemanticVersion.parse(version), image.withDigest(digest), false);
    }

    private PluginIndex index(long edition, Set<Digest> revoked, Release... releases) throws IOException {
        List<IndexedPlugin> plugins = List.of(
                new IndexedPlugin("auth", "Lets in whoever has a token.", "Apache-2.0", Arrays.asList(releases)),
                new IndexedPlugin("logger", "Writes a line.", "MIT", List.of()));
        Instant expires = clock.instant().plus(Duration.ofDays(1));
        byte[] sealed =
                new PluginIndex("acme", edition, expires, plugins, revoked).seal(Map.of("acme", keys.signing()));
        return PluginIndex.open(sealed, List.of(keys.trusted()));
    }

    private Installation installation(String name) throws IOException {
        CachedRegistry registry = CachedRegistry.of(BlobCache.at(folder.resolve("cache"), 1 << 20), client);
        PublisherCheck check = new PublisherCheck(List.of(keys.trusted()), Set.of());
        return Installation.in(folder.resolve(name), registry, check, clock);
    }

    private static byte[] content(Installation installation) throws IOException {
        return Files.readAllBytes(installation.file("auth"));
    }

    @Test
    void anIndexIsSearched() throws IOException {
        PluginIndex index = index(1, Set.of());

        assertThat(index.search("TOKEN in")).extracting(IndexedPlugin::name).containsExactly("auth");
        assertThat(index.search("")).hasSize(2);
        assertThat(index.search("token line")).isEmpty();
    }

    @Test
    void aPluginIsInstalledUpdatedAndRolledBack() throws IOException {
        Release first = publish("1.0.0");
        Release next = publish("1.1.0");
        Release other = publish("2.0.0");
        Installation installation = installation("installed");

        installation.install(index(1, Set.of(), first), "auth", VersionRange.parse("^1"));
        assertThat(content(installation)).isEqualTo(module("1.0.0"));
        LockedPlugin updated = installation.update(index(2, Set.of(), first, next, other), "auth");
        assertThat(updated.version()).hasToString("1.1.0");
        assertThat(content(installation)).isEqualTo(module("1.1.0"));
        assertThat(installation.rollBack("auth").previous()).isEmpty();
        assertThat(content(installation)).isEqualTo(module("1.0.0"));
        assertThatThrownBy(() -> installation.rollBack("auth")).hasMessageStartingWith("not_found: ");
    }

    @Test
    void aLockFileMakesTheSameOfAnotherFolder() throws IOException {
        Release first = publish("1.0.0");
        installation("one").install(index(1, Set.of(), first), "auth", VersionRange.parse("*"));
        Files.createDirectories(folder.resolve("two"));
        Files.copy(folder.resolve("one/plugins.lock"), folder.resolve("two/plugins.lock"));
        Installation two = installation("two");

        two.restore();
        assertThat(content(two)).isEqualTo(module("1.0.0"));
        Files.writeString(two.file("auth"), "something else");
        two.restore();
        assertThat(content(two)).isEqualTo(module("1.0.0"));
        assertThat(Files.readString(folder.resolve("two/plugins.lock")))
                .isEqualTo(Files.readString(folder.resolve("one/plugins.lock")))
                .contains(first.image().toString());
    }

    @Test
    void anOldIndexIsNotTakenForTheNewOne() throws IOException {
        Release first = publish("1.0.0");
        Installation installation = installation("installed");
        PluginIndex old = index(1, Set.of(), first);
        installation.install(index(2, Set.of(), first), "auth", VersionRange.parse("*"));

        assertThatThrownBy(() -> installation.update(old, "auth"))
                .hasMessage("outdated: index acme: version 1 (expected: >= 2)");
        PluginIndex expiring = index(3, Set.of(), first);
        clock.advance(Duration.ofDays(2));
        assertThatThrownBy(() -> installation.update(expiring, "auth")).hasMessageContaining(": expired on ");
    }

    @Test
    void whatIsRevokedOrWithdrawnIsNotInstalled() throws IOException {
        Release first = publish("1.0.0");
        Release next = publish("1.1.0");
        Release withdrawn = new Release(SemanticVersion.parse("1.2.0"), next.image(), true);
        Set<Digest> revoked = Set.of(next.image().digest().orElseThrow());
        Installation installation = installation("installed");

        LockedPlugin installed =
                installation.install(index(1, revoked, first, next, withdrawn), "auth", VersionRange.parse("*"));
        assertThat(installed.version()).hasToString("1.0.0");
        assertThatThrownBy(() -> installation.install(index(1, revoked, next), "auth", VersionRange.parse("1.1.0")))
                .hasMessageStartingWith("not_found: ");
    }

    @Test
    void nobodyGoesBackToWhatIsRevoked() throws IOException {
        Release first = publish("1.0.0");
        Release next = publish("1.1.0");
        Set<Digest> revoked = Set.of(first.image().digest().orElseThrow());
        Installation installation = installation("installed");
        installation.install(index(1, Set.of(), first), "auth", VersionRange.parse("*"));
        installation.update(index(2, revoked, first, next), "auth");

        assertThatThrownBy(() -> installation.rollBack("auth")).hasMessageStartingWith("revoked: ");
        assertThat(content(installation)).isEqualTo(module("1.1.0"));
    }

    @Test
    void whatIsNotSignedByItsPublisherIsNotInstalled() throws IOException {
        Release first = publish("3.0.0");
        keys = Keys.ec(folder, "other", "secp256r1");
        Installation installation = installation("installed");
        PluginIndex index = index(1, Set.of(), first);

        assertThatThrownBy(() -> installation.install(index, "auth", VersionRange.parse("*")))
                .hasMessageStartingWith("wrong_signature: ");
        assertThat(installation.file("auth")).doesNotExist();
        assertThat(installation.plugins()).isEmpty();
    }

    @Test
    void anIndexThatIsNotSignedByItsPublisherIsRefused() throws IOException {
        PluginIndex index = index(1, Set.of());
        byte[] sealed = index.seal(Map.of("acme", keys.signing()));
        byte[] unsigned = index.seal(Map.of());
        Keys other = Keys.ed25519(folder, "other");

        assertThatThrownBy(() -> PluginIndex.open(sealed, List.of(other.trusted())))
                .hasMessageStartingWith("wrong_signature: ");
        assertThatThrownBy(() -> PluginIndex.open(unsigned, List.of(keys.trusted())))
                .hasMessageStartingWith("unsigned: ");
        List<byte[]> damaged = new ArrayList<>();
        for (int i = 0; i < sealed.length; i += 7) {
            byte[] copy = sealed.clone();
            copy[i] ^= 1;
            damaged.add(copy);
        }
        assertThat(damaged).allSatisfy(each -> {
            try {
                assertThat(PluginIndex.open(each, List.of(keys.trusted())))
                        .isEqualTo(index); // where nothing was signed
            } catch (RegistryException e) {
                assertThat(e).hasMessageMatching("(?s)(malformed|wrong_signature|unsigned): .*");
            }
        });
    }

    @Test
    void anIndexIsFetchedFromAServer() throws IOException {
        PluginIndex index = index(1, Set.of());
        byte[] sealed = index.seal(Map.of("acme", keys.signing()));
        try (ScriptedUpstream web = ScriptedUpstream.start(script -> {
            script.on("/moved").answer(Answer.status(302).header("Location", "/index.json"));
            script.on("/index.json").answer(Answer.status(200).body(sealed));
        })) {
            URI root = URI.create("http://127.0.0.1:" + web.port());
            assertThat(PublishedIndex.fetch(root.resolve("/moved"), client, List.of(keys.trusted())))
                    .isEqualTo(index);
            assertThatThrownBy(() -> PublishedIndex.fetch(root.resolve("/none"), client, List.of(keys.trusted())))
                    .hasMessageStartingWith("not_found: ");
        }
        assertThatThrownBy(() -> PublishedIndex.fetch(
                        URI.create("http://registry.example/index.json"), client, List.of(keys.trusted())))
                .hasMessageStartingWith("forbidden_address: ");
        Path file = Files.write(folder.resolve("index.json"), sealed);
        assertThat(PublishedIndex.read(file, List.of(keys.trusted()))).isEqualTo(index);
    }
}
