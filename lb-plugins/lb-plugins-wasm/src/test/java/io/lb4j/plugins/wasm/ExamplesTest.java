package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.server.RealServer;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The example plugins as they are checked in. */
final class ExamplesTest extends ExampleBehaviour {
    @Override
    byte[] module(String name) throws IOException {
        return Files.readAllBytes(Guests.EXAMPLES.resolve(name + ".wasm"));
    }

    /** By the clang that it was built with; another one, and whatever clang hands its output to, may take other instructions to the same end. */
    @Test
    void theRateLimiterIsThatOfItsSourceOctetForOctet() throws IOException {
        byte[] built = BuiltExamples.module("rate-limiter");
        Assumptions.assumeTrue(
                BuiltExamples.clangVersion().contains("version 14.") && !RealServer.isInstalled("wasm-opt"),
                "another compiler than that of Debian 12: its octets are not compared");
        assertThat(built).isEqualTo(module("rate-limiter"));
    }
}
