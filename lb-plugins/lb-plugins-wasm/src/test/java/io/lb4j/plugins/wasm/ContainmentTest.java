package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.PluginBuilder;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that loop, trap, recurse, take memory: each costs its own exchange, and nobody else anything. */
final class ContainmentTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static ProbeHost host(Consumer<? super PluginBuilder> use) {
        return ProbeHost.of(Guests.c("probe"), wasm -> {}, use);
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "trap", "recurse", "resp-trap"})
    void aGuestThatFaultsCostsItsOwnExchange(String what) {
        try (ProbeHost host = host(use -> use.outAfter(100, Duration.ofSeconds(10)))) {
            for (int i = 0; i < 3; i++) {
                RawResponse response = host.ask(what);
                assertThat(response.status()).isEqualTo(500);
                assertThat(host.ask("add").status()).isEqualTo(200);
                assertThat(host.seen("x-added")).isEqualTo("1");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "trap", "recurse", "resp-trap"})
    void whereItMayBeSkippedTheExchangeGoesOnWithoutIt(String what) {
        try (ProbeHost host = host(PluginBuilder::failOpen)) {
            assertThat(host.ask(what).text()).isEqualTo("hello");
            assertThat(host.ask("add").headers().first("x-seen-status")).contains("200");
        }
    }

    @Test
    void aBodyIsCutByAGuestThatLoopsOverIt() {
        try (ProbeHost host = host(use -> {})) {
            assertThat(host.send("body-loop", "x").status()).isEqualTo(500);
            assertThat(host.send("upper", "x").status()).isEqualTo(200);
        }
    }

    @Test
    void memoryIsBounded() {
        try (ProbeHost host = ProbeHost.of(Guests.c("probe"), wasm -> wasm.maxMemory(1 << 20), use -> {})) {
            assertThat(host.ask("grow").status()).isEqualTo(200);
            assertThat(host.seen("x-pages")).isEqualTo("16");
        }
    }

    @Test
    void anExchangeThatWaitsAtTheGuestIsNotHarmedByAnotherOne() {
        try (ProbeHost host = host(use -> {});
                RawClient waiting = host.served().connect()) {
            waiting.send(
                    Served.request("POST", "/", "", "X-Do: gather", "Transfer-Encoding: chunked") + "3\r\none\r\n");
            await().atMost(PATIENCE).until(() -> {
                assertThat(host.ask("trap").status()).isEqualTo(500);
                return true;
            });
            waiting.send("3\r\ntwo\r\n0\r\n\r\n");
            assertThat(waiting.readResponse("POST").status()).isEqualTo(200);
            assertThat(host.served().seen().body().text()).isEqualTo("6");
        }
    }

    @Test
    void aFaultInAnAnswerToACallEndsTheExchangeThatWaits() {
        try (ProbeHost host = host(use -> use.timeout(Duration.ofMinutes(1)))) {
            assertThat(host.ask("call-loop", "X-Cluster: api").status()).isEqualTo(500);
            assertThat(host.ask("call", "X-Cluster: api").status()).isEqualTo(200);
        }
    }

    @Test
    void aFaultInAnAnswerToACallLetsTheExchangeGoOnWhereItMay() {
        try (ProbeHost host = host(use -> use.failOpen().timeout(Duration.ofMinutes(1)))) {
            assertThat(host.ask("call-loop", "X-Cluster: api").text()).isEqualTo("hello");
        }
    }

    @Test
    void instancesAreReplacedOnlySoOften() {
        try (ProbeHost host = ProbeHost.of(Guests.c("probe"), wasm -> wasm.maxRestarts(2), use -> {})) {
            for (int i = 0; i < 3; i++) {
                assertThat(host.ask("trap").status()).isEqualTo(500);
            }
            assertThat(host.ask("add").status()).isEqualTo(500);
        }
    }

    /** Returns a guest that takes a while to start, tells when it has, and traps where x-do is there. */
    private static byte[] slowStarter(int rounds) {
        return Guests.wat("""
                (module
                (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
                (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
                (import "env" "proxy_replace_header_map_value" (func $set (param i32 i32 i32 i32 i32) (result i32)))
                (memory (export "memory") 1)
                (data (i32.const 16) "x-do")
                (data (i32.const 32) "started")
                (func (export "proxy_abi_version_0_2_1"))
                (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1024))
                (func (export "proxy_on_configure") (param i32 i32) (result i32) (local $i i32)
                  (local.set $i (i32.const %d))
                  (loop (br_if 0 (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
                  (drop (call $log (i32.const 2) (i32.const 32) (i32.const 7)))
                  (i32.const 1))
                (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                  (if (i32.eqz (call $get (i32.const 0) (i32.const 16) (i32.const 4) (i32.const 0) (i32.const 4)))
                    (then (unreachable)))
                  (call $set (i32.const 0) (i32.const 32) (i32.const 7) (i32.const 32) (i32.const 7))))
                """.formatted(rounds));
    }

    @Test
    void noEventLoopMakesAnInstanceAndExchangesWaitForOne() {
        try (GuestLog log = GuestLog.of("slow-starter");
                ProbeHost host = ProbeHost.of(
                        slowStarter(600_000_000),
                        wasm -> wasm.startTime(Duration.ofMinutes(1)),
                        use -> use.name("slow-starter")
                                .outAfter(100, Duration.ofSeconds(10))
                                .blockLimit(Duration.ofMillis(100)) // far less than a start takes
                                .timeout(Duration.ofMinutes(1)))) {
            for (int i = 0; i < 3; i++) {
                assertThat(host.ask("trap").status()).isEqualTo(500); // the first one has the instance to spare
            }
            assertThat(host.served().get("/").status()).isEqualTo(200);
            assertThat(host.seen("started")).isEqualTo("started");
            assertThat(log.lines()).hasSizeGreaterThanOrEqualTo(4);
            assertThat(host.served().balancer().stats().plugins().get("plugins.slow-starter"))
                    .satisfies(plugin -> {
                        assertThat(plugin.errors()).isEqualTo(3);
                        assertThat(plugin.blocks())
                                .as("calls that held the loop")
                                .isZero();
                    });
        }
    }

    @Test
    void anExchangeThatWaitsForAnInstanceForTooLongIsLate() {
        try (ProbeHost host = ProbeHost.of(
                slowStarter(600_000_000),
                wasm -> wasm.startTime(Duration.ofMinutes(1)),
                use -> use.timeout(Duration.ofMillis(1)))) {
            assertThat(host.ask("trap").status()).isEqualTo(500);
            assertThat(host.ask("trap").status()).isEqualTo(500);
            assertThat(host.served().get("/").status()).isEqualTo(504);
        }
    }

    @Test
    void aPauseThatNobodyEndsIsLate() {
        try (ProbeHost host = host(use -> use.timeout(Duration.ofMillis(100)))) {
            assertThat(host.ask("stuck").status()).isEqualTo(504);
            assertThat(host.ask("add").status()).isEqualTo(200);
        }
    }
}
