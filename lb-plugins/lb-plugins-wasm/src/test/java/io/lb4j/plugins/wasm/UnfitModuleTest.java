package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.lb4j.config.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Modules that are refused when they are loaded, with a word that says why. */
final class UnfitModuleTest {
    private static final String ABI = "(func (export \"proxy_abi_version_0_2_1\"))";
    private static final String MEMORY = "(memory (export \"memory\") 1)";

    private static void assertRefused(byte[] module, Consumer<? super WasmBuilder> description, String reason) {
        assertThatThrownBy(() -> ProbeHost.of(module, description, use -> {}).close())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(reason);
    }

    static Stream<Arguments> modules() {
        return Stream.of(
                Arguments.of("(import \"env\" \"proxy_fly\" (func))" + MEMORY + ABI, "import env.proxy_fly: unknown"),
                Arguments.of("(import \"wasi_snapshot_preview1\" \"fd_fly\" (func))" + MEMORY + ABI, "fd_fly: unknown"),
                Arguments.of(
                        "(import \"env\" \"proxy_log\" (func (param i64)))" + MEMORY + ABI,
                        "proxy_log: j> (expected: iii>i)"),
                Arguments.of("(import \"env\" \"memory\" (memory 1))" + ABI, "import env.memory"),
                Arguments.of("(import \"env\" \"g\" (global i32))" + MEMORY + ABI, "import env.g"),
                Arguments.of("(import \"env\" \"t\" (table 1 funcref))" + MEMORY + ABI, "import env.t"),
                Arguments.of(ABI, "memories: 0"),
                Arguments.of("(memory 1)" + ABI, "exported as \"memory\""),
                Arguments.of("(memory (export \"memory\") 300)" + ABI, "memory: 300 pages"),
                Arguments.of("(memory (export \"memory\") 1 2 shared)" + ABI, "shared"),
                Arguments.of("(table 9000000 funcref)" + MEMORY + ABI, "tables: 1 with 9000000"),
                Arguments.of(MEMORY, "ABI: none that is known"),
                Arguments.of(MEMORY + "(func (export \"proxy_abi_version_0_1_0\"))", "ABI: proxy-wasm 0.1.0"),
                Arguments.of(
                        MEMORY + ABI
                                + "(func (export \"proxy_on_request_headers\") (param i32) (result i32) (i32.const 0))",
                        "export proxy_on_request_headers: i>i"),
                Arguments.of(MEMORY + ABI + "(func (result v128) (v128.const i32x4 0 0 0 0))", "module"),
                Arguments.of(MEMORY + ABI + "(type (struct (field i32)))", "type 0: a structure"),
                Arguments.of(MEMORY + ABI + "(func $f unreachable) (start $f)", "Trapped"),
                Arguments.of(MEMORY + ABI + "(func $f (loop (br 0))) (start $f)", "has computed for longer"),
                Arguments.of(MEMORY + ABI + "(func (export \"_initialize\") (loop (br 0)))", "has computed for longer"),
                Arguments.of(MEMORY + ABI + "(func $f (call $f)) (start $f)", "too deep"),
                Arguments.of(
                        "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))" + MEMORY + ABI
                                + "(func (export \"_start\") (call $exit (i32.const 3)))",
                        "has ended itself, exit: 3"));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleThatCannotBeRunIsRefused(String text, String reason) {
        byte[] module;
        try {
            module = Guests.wat("(module " + text + ")");
        } catch (IllegalStateException e) {
            Assumptions.abort("this assembler does not know: " + text);
            return;
        }
        assertRefused(module, wasm -> wasm.startTime(Duration.ofMillis(200)), reason);
    }

    @Test
    void whatIsNoModuleIsRefused() {
        byte[] probe = Guests.c("probe");
        assertRefused(new byte[0], wasm -> {}, "module");
        assertRefused("#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII), wasm -> {}, "module");
        for (int length : new int[] {4, 8, 9, 100, probe.length / 2, probe.length - 1}) {
            assertRefused(Arrays.copyOf(probe, length), wasm -> {}, "");
        }
    }

    @Test
    void aModuleThatIsTooLargeIsRefused() {
        assertRefused(Guests.c("probe"), wasm -> wasm.maxModule(1000), "more than 1000 octets");
    }

    @Test
    void aModuleOfAnotherDigestIsRefused() {
        assertRefused(Guests.c("probe"), wasm -> wasm.sha256("0".repeat(64)), "(expected: " + "0".repeat(64));
    }

    @Test
    void codeThatIsNestedTooDeeplyIsRefusedOrRuns() {
        for (int depth : new int[] {1000, 100_000}) {
            try {
                ProbeHost.of(nested(depth), wasm -> {}, use -> {}).close();
            } catch (ConfigurationException e) {
                assertThat(e).hasMessageContaining("module");
            }
        }
    }

    /** Returns a module whose one function is blocks within blocks. */
    private static byte[] nested(int depth) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(0); // no locals
        for (int i = 0; i < depth; i++) {
            body.writeBytes(new byte[] {0x02, 0x40});
        }
        for (int i = 0; i <= depth; i++) {
            body.write(0x0b);
        }
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        code.write(1);
        writeSize(code, body.size());
        code.writeBytes(body.toByteArray());
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        module.writeBytes(new byte[] {1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1});
        byte[] version = "proxy_abi_version_0_2_1".getBytes(StandardCharsets.US_ASCII);
        byte[] memory = "memory".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream exports = new ByteArrayOutputStream();
        exports.write(2);
        exports.write(version.length);
        exports.writeBytes(version);
        exports.writeBytes(new byte[] {0, 0});
        exports.write(memory.length);
        exports.writeBytes(memory);
        exports.writeBytes(new byte[] {2, 0});
        module.write(7);
        writeSize(module, exports.size());
        module.writeBytes(exports.toByteArray());
        module.write(10);
        writeSize(module, code.size());
        module.writeBytes(code.toByteArray());
        return module.toByteArray();
    }

    private static void writeSize(ByteArrayOutputStream out, int size) {
        int rest = size;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    @Test
    void aUsersFaultIsLoggedWithoutAStack() {
        Logger logger = (Logger) LoggerFactory.getLogger("io.lb4j.internal.control.PluginTable");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        try {
            assertRefused(new byte[] {1, 2, 3, 4}, use -> use.pluginName("broken"), "module");
            assertThat(List.copyOf(log.list))
                    .filteredOn(line -> line.getLevel() == Level.ERROR)
                    .isNotEmpty()
                    .allSatisfy(line -> {
                        assertThat(line.getFormattedMessage()).contains("cannot be initialised", "module: not fit");
                        assertThat(line.getThrowableProxy()).isNull();
                    });
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
    }

    @Test
    void aCompilationThatTakesTooLongIsGivenUp() {
        StringBuilder text = new StringBuilder("(module " + MEMORY + ABI);
        for (int i = 0; i < 3000; i++) {
            text.append("(func (param i32) (result i32) (i32.add (local.get 0) (i32.const ")
                    .append(i)
                    .append(")))");
        }
        assertRefused(
                Guests.wat(text.append(')').toString()),
                wasm -> wasm.compileTime(Duration.ofMillis(1)),
                "not compiled within 1 ms");
    }
}
