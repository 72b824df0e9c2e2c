package io.lb4j.plugins.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.plugins.Served;
import io.lb4j.plugins.wasm.Guests;
import io.lb4j.plugins.wasm.Wasm;
import io.lb4j.testkit.server.DockerRegistry;
import io.lb4j.testkit.server.DockerRegistry.Doors;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that serves from a registry, and follows its tag. */
final class HotReloadTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(20);

    @TempDir
    private Path cache;

    private static Served serve(String image, Path cache) {
        return Served.with(Wasm.plugin(wasm -> wasm.reload(OFTEN)
                .source(Oci.source(oci -> oci.image(image).cache(cache).refresh(OFTEN)))));
    }

    private static String number(Served served) {
        assertThat(served.get("/").status()).isEqualTo(200);
        return served.seen().headers().first("x-number").orElse("");
    }

    private static long metric(Served served, String name) {
        return served.balancer()
                .stats()
                .plugins()
                .values()
                .iterator()
                .next()
                .metrics()
                .getOrDefault(name, 0L);
    }

    @Test
    void aPluginFollowsItsTagAndStaysWhereTheTagLeadsToNothingGood() {
        try (DockerRegistry registry = DockerRegistry.start(Doors.open())) {
            Images images = Images.at(registry.host());
            images.push(Layout.CNCF, "guest", "1", Guests.numbered(1));
            try (Served served = serve("oci://" + registry.host() + "/guest:1", cache)) {
                assertThat(number(served)).isEqualTo("0001");

                images.push(Layout.DOCKER, "guest", "1", Guests.numbered(2));
                await().atMost(PATIENCE).until(() -> number(served).equals("0002"));

                images.push(Layout.CNCF, "guest", "1", new byte[] {1, 2, 3}); // no module
                await().atMost(PATIENCE).until(() -> metric(served, "reloads_failed") > 0);
                assertThat(number(served)).isEqualTo("0002");

                long failed = metric(served, "reloads_failed");
                images.push(Layout.CNCF, "guest", "1", Guests.numbered(13)); // which cannot work with its configuration
                await().atMost(PATIENCE).until(() -> metric(served, "reloads_failed") > failed);
                assertThat(number(served)).isEqualTo("0002");

                long failedTwice = metric(served, "reloads_failed");
                registry.kill();
                await().atMost(PATIENCE).until(() -> metric(served, "reloads_failed") > failedTwice);
                assertThat(number(served)).isEqualTo("0002");

                registry.restart();
                images.push(Layout.CONTENT_LAYER, "guest", "1", Guests.numbered(3));
                await().atMost(PATIENCE).until(() -> number(served).equals("0003"));
            }
        }
    }
}
