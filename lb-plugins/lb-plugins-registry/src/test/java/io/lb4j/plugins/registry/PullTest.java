package io.lb4j.plugins.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.wasm.ModuleSource;
import io.lb4j.testkit.server.DockerRegistry;
import io.lb4j.testkit.server.DockerRegistry.Doors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules from a real registry that lets everybody in. */
final class PullTest {
    private static final byte[] MODULE = Sources.octets(3000, 1);

    private static DockerRegistry registry;
    private static Images images;

    @TempDir
    private Path cache;

    @BeforeAll
    static void start() {
        registry = DockerRegistry.start(Doors.open());
        images = Images.at(registry.host());
    }

    @AfterAll
    static void end() {
        if (registry != null) {
            registry.close();
        }
    }

    private static String image(String name) {
        return "oci://" + registry.host() + "/" + name;
    }

    private byte[] pull(String name) throws IOException {
        return Sources.fetch(cache, image(name));
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void aModuleIsPulledFromEachLayoutThatIsInUse(Layout layout) throws IOException {
        String name = "layouts/" + layout.name().toLowerCase(Locale.ROOT);
        Digest digest = images.push(layout, name, "1.0", MODULE);

        assertThat(pull(name + ":1.0")).isEqualTo(MODULE);
        assertThat(pull(name + "@" + digest)).isEqualTo(MODULE);
        assertThat(pull(name + ":1.0@" + digest)).isEqualTo(MODULE);
    }

    @Test
    void theImageForWebAssemblyIsChosenFromAnIndex() throws IOException {
        byte[] other = Sources.octets(100, 9);
        String index = "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":["
                + entry(images.push(Layout.OCI_ARCHIVE, "several", "amd64", other), "linux/amd64") + ","
                + entry(images.push(Layout.CNCF, "several", "wasm", MODULE), "wasip1/wasm") + "]}";
        images.manifest("several", "all", "application/vnd.oci.image.index.v1+json", index);

        assertThat(pull("several:all")).isEqualTo(MODULE);
    }

    private static String entry(Digest manifest, String platform) {
        String[] parts = platform.split("/", 2);
        return "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"" + manifest
                + "\",\"size\":1,\"platform\":{\"os\":\"" + parts[0] + "\",\"architecture\":\"" + parts[1] + "\"}}";
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody/knows:1", "known:2", "known@sha256:"})
    void whatIsNotThereIsNotFound(String name) {
        images.push(Layout.CNCF, "known", "1", MODULE);
        String whole = name.endsWith(":") ? name + "0".repeat(64) : name;

        assertThatThrownBy(() -> pull(whole)).hasMessageStartingWith("not_found: ");
    }

    @Test
    void aTagIsAskedForAgainWhenItIsTime() throws IOException {
        images.push(Layout.CNCF, "moving", "1", MODULE);
        AtomicLong nanos = new AtomicLong();
        ModuleSource source = source("moving:1", PullPolicy.ALWAYS, nanos);
        assertThat(source.fetch(Sources.LONGEST)).contains(MODULE);
        byte[] next = Sources.octets(50, 2);
        images.push(Layout.CNCF, "moving", "1", next);

        nanos.addAndGet(Sources.REFRESH.toNanos() - 1);
        assertThat(source.fetch(Sources.LONGEST)).isEmpty();
        nanos.incrementAndGet();
        assertThat(source.fetch(Sources.LONGEST)).contains(next);
        nanos.addAndGet(Sources.REFRESH.toNanos());
        assertThat(source.fetch(Sources.LONGEST)).isEmpty();
        source.close();
    }

    private ModuleSource source(String name, PullPolicy policy, AtomicLong nanos) {
        return new OciSource(
                Oci.source(oci ->
                                oci.image(image(name)).cache(cache).pull(policy).refresh(Sources.REFRESH))
                        .settings()
                        .orElseThrow(),
                nanos::get);
    }

    @Test
    void aTagThatIsInTheCacheIsNotAskedForWhereThatIsEnough() throws IOException {
        images.push(Layout.CNCF, "present", "1", MODULE);
        assertThat(Sources.fetch(cache, image("present:1"), oci -> oci.pull(PullPolicy.IF_NOT_PRESENT)))
                .isEqualTo(MODULE);
        images.push(Layout.CNCF, "present", "1", Sources.octets(50, 2));

        assertThat(Sources.fetch(cache, image("present:1"), oci -> oci.pull(PullPolicy.IF_NOT_PRESENT)))
                .isEqualTo(MODULE);
        assertThat(Sources.fetch(cache, image("present:1"), oci -> oci.pull(PullPolicy.NEVER)))
                .isEqualTo(MODULE);
    }

    @Test
    void nothingIsPulledThatMayNotBe() {
        images.push(Layout.CNCF, "forbidden", "1", MODULE);

        assertThatThrownBy(() -> Sources.fetch(cache, image("forbidden:1"), oci -> oci.pull(PullPolicy.NEVER)))
                .hasMessageStartingWith("not_cached: ");
    }

    @Test
    void aRegistryThatIsAwayIsReplacedByTheCacheAtTheStart() throws IOException {
        try (DockerRegistry own = DockerRegistry.start(Doors.open())) {
            String image = "oci://" + own.host() + "/away:1";
            Images.at(own.host()).push(Layout.DOCKER, "away", "1", MODULE);
            assertThat(Sources.fetch(cache, image)).isEqualTo(MODULE);
            own.kill();

            assertThat(Sources.fetch(cache, image)).isEqualTo(MODULE);
            assertThatThrownBy(() -> Sources.fetch(cache, "oci://" + own.host() + "/other:1"))
                    .hasMessageStartingWith("unreachable: ");
        }
    }

    @Test
    void aModuleThatIsTooLargeIsRefused() {
        images.push(Layout.CNCF, "large", "1", Sources.octets((int) Sources.LONGEST + 1, 1));
        images.push(Layout.DOCKER, "large", "2", Sources.octets((int) Sources.LONGEST + 1, 1));

        assertThatThrownBy(() -> pull("large:1")).hasMessageStartingWith("too_large: ");
        assertThatThrownBy(() -> pull("large:2")).hasMessageStartingWith("too_large: ");
    }

    @Test
    void anImageWithoutAModuleIsRefused() {
        String config = images.blob("empty", new byte[] {'{', '}'});
        String layer = images.blob("empty", new Tar().file("readme", MODULE).packed());
        images.manifest(
                "empty", "1", Layout.OCI_ARCHIVE.manifestType(), Layout.OCI_ARCHIVE.manifest(config, config, layer));

        assertThatThrownBy(() -> pull("empty:1")).hasMessageStartingWith("no_module: ");
    }

    @Test
    void aBlobThatIsDamagedInTheCacheIsPulledAgain() throws IOException {
        images.push(Layout.CNCF, "damaged", "1", MODULE);
        pull("damaged:1");
        try (Stream<Path> blobs = Files.list(cache.resolve("blobs/sha256"))) {
            for (Path each : blobs.toList()) {
                Files.write(each, new byte[] {1, 2, 3});
            }
        }

        assertThat(pull("damaged:1")).isEqualTo(MODULE);
    }

    @Test
    void manyPullAtOnceWithOneCache() throws IOException, InterruptedException, ExecutionException {
        images.push(Layout.DOCKER, "crowd", "1", MODULE);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<byte[]>> pulls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                pulls.add(() -> pull("crowd:1"));
            }
            for (Future<byte[]> each : threads.invokeAll(pulls)) {
                assertThat(each.get()).isEqualTo(MODULE);
            }
        } finally {
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        assertThat(cache.resolve("incoming")).isEmptyDirectory();
    }
}
