package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every function of the host, called with addresses, lengths and numbers that are wild. */
final class HostFunctionTest {
    private static final List<String> WILD =
            List.of("0", "1", "8", "65535", "65536", "0x7fffffff", "0x80000000", "0xfffffff0", "0xffffffff");
    private static final String USUAL = "16";

    /** Returns a guest that makes all the calls when a request comes, and then adds a field that says so. */
    private static String caller(List<HostCall<? super ProxyGuest>> functions) {
        StringBuilder imports = new StringBuilder();
        StringBuilder bodies = new StringBuilder();
        StringBuilder calls = new StringBuilder();
        for (HostCall<? super ProxyGuest> each : functions) {
            String id = "$" + each.module() + "." + each.name();
            String parameters = each.signature().substring(0, each.signature().indexOf('>'));
            boolean answers = !each.signature().endsWith(">");
            imports.append("(import \"%s\" \"%s\" (func %s".formatted(each.module(), each.name(), id));
            parameters
                    .chars()
                    .forEach(letter ->
                            imports.append(" (param ").append(type(letter)).append(')'));
            imports.append(answers ? " (result i32)))\n" : "))\n");
            bodies.append("(func ").append(id).append("*\n");
            for (List<String> arguments : arguments(parameters.length())) {
                bodies.append("(call ").append(id);
                for (int i = 0; i < parameters.length(); i++) {
                    bodies.append(" (%s.const %s)".formatted(type(parameters.charAt(i)), arguments.get(i)));
                }
                bodies.append(answers ? ") drop\n" : ")\n");
            }
            bodies.append(")\n");
            calls.append("(call ").append(id).append("*)\n");
        }
        return """
                (module
                %s
                (memory (export "memory") 1)
                (data (i32.const 60000) "x-survived")
                (func (export "proxy_abi_version_0_2_1"))
                (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
                %s
                (func (export "proxy_on_request_headers") (param $context i32) (param i32 i32) (result i32)
                  %s
                  (call $env.proxy_set_effective_context (local.get $context)) drop
                  (call $env.proxy_replace_header_map_value (i32.const 0) (i32.const 60000) (i32.const 10) (i32.const 60000) (i32.const 1))
                ))
                """.formatted(imports, bodies, calls);
    }

    private static String type(int letter) {
        return letter == 'j' ? "i64" : "i32";
    }

    /** Returns lists of arguments: all the same, and each in turn unlike the others. */
    private static List<List<String>> arguments(int count) {
        List<List<String>> lists = new ArrayList<>();
        for (String wild : WILD) {
            lists.add(Collections.nCopies(count, wild));
            for (int i = 0; i < count; i++) {
                List<String> one = new ArrayList<>(Collections.nCopies(count, USUAL));
                one.set(i, wild);
                lists.add(one);
            }
        }
        return lists;
    }

    @Test
    void wildArgumentsAreAnsweredAndHurtNobody() {
        List<HostCall<? super ProxyGuest>> functions = new ArrayList<>(ProxyAbi.FUNCTIONS.functions());
        functions.removeIf(
                each -> each.name().equals("proc_exit") || each.name().equals("proxy_close_stream"));
        assertThat(functions).hasSizeGreaterThan(100);
        try (ProbeHost host =
                ProbeHost.of(Guests.wat(caller(functions)), wasm -> wasm.callTime(Duration.ofSeconds(20)), use -> {})) {
            for (int i = 0; i < 3; i++) {
                assertThat(host.ask("anything").status()).isEqualTo(200);
                assertThat(host.seen("x-survived")).isEqualTo("x");
            }
        }
    }
}
