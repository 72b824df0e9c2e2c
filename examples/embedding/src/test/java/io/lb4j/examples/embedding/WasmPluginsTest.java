package io.lb4j.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example with the modules that are checked in. */
final class WasmPluginsTest {
    @Test
    void letsThreeRequestsThroughAndNotTheFourth() {
        try (Running running = WasmPlugins.start(0, Path.of("../wasm"))) {
            for (int i = 0; i < 3; i++) {
                assertThat(Ask.get(running.port(), "/things").statusCode()).isEqualTo(200);
            }
            assertThat(Ask.get(running.port(), "/things").statusCode()).isEqualTo(429);
        }
    }
}
