package io.lb4j.plugins.registry;

import io.lb4j.plugins.wasm.ModuleSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;

/** Sources of modules as a plugin has them, with a clock that the test moves. */
final class Sources {
    static final long LONGEST = 1 << 20;
    static final Duration REFRESH = Duration.ofMinutes(1);

    private Sources() {}

    /** Returns a source with a cache of the test's own. */
    static ModuleSource of(Path cache, String image, Consumer<? super OciBuilder> more) {
        return Oci.source(oci -> {
                    oci.image(image).cache(cache).timeout(Duration.ofSeconds(60));
                    more.accept(oci);
                })
                .create(ModuleSource.class);
    }

    /** Returns what a new source fetches. */
    static byte[] fetch(Path cache, String image, Consumer<? super OciBuilder> more) throws IOException {
        ModuleSource source = of(cache, image, more);
        try {
            return source.fetch(LONGEST).orElseThrow();
        } finally {
            source.close();
        }
    }

    static byte[] fetch(Path cache, String image) throws IOException {
        return fetch(cache, image, oci -> {});
    }

    /** Returns octets that are no module, which nobody minds who only fetches them. */
    static byte[] octets(int length, int seed) {
        byte[] octets = new byte[length];
        Arrays.fill(octets, (byte) seed);
        return octets;
    }
}
