package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example plugins as they are checked in. */
final class ExamplesTest extends ExampleBehaviour {
    @Override
    byte[] module(String name) throws IOException {
        return Files.readAllBytes(Guests.EXAMPLES.resolve(name + ".wasm"));
    }

    @Test
    void theCheckedInRateLimiterIsThatOfItsSource() throws IOException {
        byte[] built = Guests.c(Path.of("../../examples/wasm/c/rate-limiter.c"));
        try (ProbeHost host = ProbeHost.of(
                built, wasm -> wasm.config(Map.of("requests_per_minute", 60, "burst_size", 1)), use -> {})) {
            assertThat(host.served().get("/").status()).isEqualTo(200);
            assertThat(host.served().get("/").status()).isEqualTo(429);
        }
    }
}
