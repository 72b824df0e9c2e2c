package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.RawClient;
import org.junit.jupiter.api.Test;

/** What modules ask for that are made with Higress's SDK. */
final class HigressTest {
    /** Tells endpoints what it is answered, a letter for each number: {@code a} is 0. */
    private static final String GUEST = """
            (module
              (import "env" "proxy_redis_init" (func $init (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
              (import "env" "proxy_redis_call" (func $redis (param i32 i32 i32 i32 i32) (result i32)))
              (import "env" "proxy_inject_encoded_data_to_filter_chain" (func $inject (param i32 i32 i32) (result i32)))
              (import "env" "proxy_get_upstream_hosts" (func $hosts (param i32 i32) (result i32)))
              (import "env" "proxy_set_upstream_override_host" (func $override (param i32 i32) (result i32)))
              (import "env" "proxy_call_foreign_function" (func $foreign (param i32 i32 i32 i32 i32 i32) (result i32)))
              (import "env" "proxy_replace_header_map_value" (func $set (param i32 i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 100) "get_log_level")
              (data (i32.const 120) "x-statusx-level")
              (func (export "proxy_abi_version_0_2_100"))
              (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
              (func $digit (param $at i32) (param $value i32)
                (i32.store8 (local.get $at) (i32.add (i32.const 97) (local.get $value))))
              (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                (call $digit (i32.const 200) (call $redis (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
                (call $digit (i32.const 201) (call $inject (i32.const 0) (i32.const 0) (i32.const 0)))
                (drop (call $set (i32.const 0) (i32.const 120) (i32.const 8) (i32.const 200) (i32.const 2)))
                (drop (call $foreign (i32.const 100) (i32.const 13) (i32.const 0) (i32.const 0) (i32.const 300) (i32.const 304)))
                (call $digit (i32.const 202) (i32.load (i32.load (i32.const 300))))
                (call $digit (i32.const 203) (i32.load (i32.const 304)))
                (drop (call $set (i32.const 0) (i32.const 128) (i32.const 7) (i32.const 202) (i32.const 2)))
                (i32.const 0)))
            """;

    @Test
    void aModuleThatCouldAskForRedisIsLoadedAndToldThatThereIsNoneWhenItDoes() {
        try (ProbeHost host = ProbeHost.of(Guests.wat(GUEST), wasm -> {}, use -> {})) {
            assertThat(host.ask("anything").status()).isEqualTo(200);
            assertThat(host.seen("x-status")).isEqualTo("mm"); // 12: unimplemented
        }
    }

    @Test
    void aModuleThatAsksForTheLogLevelByAForeignFunctionIsTold() {
        try (GuestLog log = GuestLog.of("asks-for-level");
                ProbeHost host = ProbeHost.of(Guests.wat(GUEST), wasm -> {}, use -> use.name("asks-for-level"))) {
            assertThat(host.ask("anything").status()).isEqualTo(200);
            assertThat(host.seen("x-level")).isEqualTo("ce"); // 2: info, in 4 octets
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void aHeadThatIsStoppedAloneWaitsForWhatTheGuestMakesOfTheBody() {
        String stopping = """
                (module
                  (import "env" "proxy_replace_header_map_value" (func $set (param i32 i32 i32 i32 i32) (result i32)))
                  (memory (export "memory") 1)
                  (data (i32.const 120) "x-bodyseen")
                  (func (export "proxy_abi_version_0_2_100"))
                  (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
                  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) (i32.const 1))
                  (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
                    (if (i32.eqz (local.get 2)) (then (return (i32.const 1))))
                    (call $set (i32.const 0) (i32.const 120) (i32.const 6) (i32.const 126) (i32.const 4))))
                """;
        try (ProbeHost host = ProbeHost.of(Guests.wat(stopping), wasm -> {}, use -> {});
                RawClient client = RawClient.connect(host.served().balancer().port())) {
            assertThat(client.send("POST / HTTP/1.1\r\nhost: a.example\r\ncontent-length: 4\r\n\r\nbody")
                            .readResponse()
                            .status())
                    .isEqualTo(200);
            assertThat(host.seen("x-body")).isEqualTo("seen");
        }
    }
}
