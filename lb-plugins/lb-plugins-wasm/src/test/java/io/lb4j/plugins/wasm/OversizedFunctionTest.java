package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.config.ConfigurationException;
import io.lb4j.testkit.http.RawResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions that do not fit into a method of the JVM. */
final class OversizedFunctionTest {
    private static final int STEPS = 12_000;

    /**
     * Returns a guest whose function for requests is too large: it adds numbers, does something more, and tells the sum.
     *
     * @param more in the text format, with a local $n
     */
    private static byte[] guest(String more) {
        StringBuilder sum = new StringBuilder();
        for (int i = 1; i <= STEPS; i++) {
            sum.append("(local.set $n (i32.add (local.get $n) (i32.const ")
                    .append(i)
                    .append(")))\n");
        }
        return Guests.wat("""
                (module
                (import "env" "proxy_replace_header_map_value" (func $set (param i32 i32 i32 i32 i32) (result i32)))
                (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
                (memory (export "memory") 1)
                (data (i32.const 16) "x-do")
                (data (i32.const 32) "x-right")
                (data (i32.const 48) "x-pages")
                (func (export "proxy_abi_version_0_2_1"))
                (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))
                (func $large (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) (local $n i32)
                %s
                (if (i32.eqz (call $get (i32.const 0) (i32.const 16) (i32.const 4) (i32.const 0) (i32.const 4))) (then %s))
                (if (i32.eq (local.get $n) (i32.const %d))
                  (then (drop (call $set (i32.const 0) (i32.const 32) (i32.const 7) (i32.const 32) (i32.const 7)))))
                (i32.const 0)))
                """.formatted(sum, more, STEPS * (STEPS + 1) / 2));
    }

    private static ProbeHost host(String more, Consumer<? super WasmBuilder> description) {
        return ProbeHost.of(
                guest(more),
                wasm -> {
                    wasm.interpretOversizedFunctions().callTime(Duration.ofMillis(500));
                    description.accept(wasm);
                },
                use -> use.outAfter(100, Duration.ofSeconds(10)).blockLimit(Duration.ofMinutes(1)));
    }

    @Test
    void aModuleWithOneIsRefusedUnlessItIsAskedFor() {
        assertThatThrownBy(() -> ProbeHost.of(guest(""), wasm -> {}, use -> {}).close())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("does not fit into a method of the JVM")
                .hasMessageContaining("oversized_functions: interpret");
        host("", wasm -> {}).close();
        assertThatThrownBy(() -> ProbeHost.of(guest(""), wasm -> {}, use -> {}).close())
                .as("though its code is known by now")
                .hasMessageContaining("oversized_functions: interpret");
    }

    @Test
    void oneThatIsInterpretedDoesItsWork() {
        try (ProbeHost host = host("", wasm -> {})) {
            assertThat(host.served().get("/").status()).isEqualTo(200);
            assertThat(host.seen("x-right")).isEqualTo("x-right");
        }
    }

    /** The interpreter itself looks at none of the first two. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(loop (br_if 0 (i32.const 1)))",
                "(loop (br_table 0 0 (i32.const 0)))",
                "(loop (br 0))",
                "(loop (drop (call $large (i32.const 0) (i32.const 0) (i32.const 0))) (br 0))",
                "(loop (drop (memory.grow (i32.const 0))) (br_if 0 (i32.const 1)))"
            })
    void oneThatDoesNotEndIsStopped(String loop) {
        try (ProbeHost host = host(loop, wasm -> wasm.callTime(Duration.ofMillis(50)))) {
            RawResponse stopped = host.ask("loop");
            assertThat(stopped.status()).isEqualTo(500);
            assertThat(host.served().get("/").status()).isEqualTo(200);
            assertThat(host.seen("x-right")).isEqualTo("x-right");
        }
    }

    @Test
    void oneThatTakesMemoryIsHeldToItsLimit() {
        String take = "(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))"
                + "(if (i32.ne (memory.size) (i32.const 16)) (then (unreachable)))";
        try (ProbeHost host = host(take, wasm -> wasm.maxMemory(1 << 20))) {
            assertThat(host.ask("grow").status()).isEqualTo(200);
        }
    }
}
