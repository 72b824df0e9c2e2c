package io.lb4j.plugins.wasm;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** The example plugins as their sources give them now: they do what those do that are checked in. */
@Tag("full") // npm fetches a compiler
@Timeout(600)
final class BuiltExamplesTest extends ExampleBehaviour {
    @Override
    byte[] module(String name) {
        return BuiltExamples.module(name);
    }
}
