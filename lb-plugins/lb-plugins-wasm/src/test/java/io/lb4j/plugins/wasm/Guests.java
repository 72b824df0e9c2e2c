package io.lb4j.plugins.wasm;

import io.lb4j.testkit.server.RealServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Compiles guests for tests, each once: C by clang, the text format by wabt. Where these are missing the test is skipped, and fails where {@code CI=true}. */
public final class Guests {
    static final Path SOURCES = Path.of("src/test/guests");
    static final Path EXAMPLES = Path.of("../../examples/wasm");

    private static final long SECONDS = 60;
    private static final Map<String, byte[]> COMPILED = new ConcurrentHashMap<>();

    private Guests() {}

    /** Compiles a guest of the tests written in C. */
    static byte[] c(String name) {
        return c(SOURCES.resolve(name + ".c"));
    }

    /** Compiles a guest written in C. */
    static byte[] c(Path source) {
        RealServer.require("clang", "wasm-ld");
        return COMPILED.computeIfAbsent(
                source.toString(),
                any -> run(
                        source,
                        List.of(
                                "clang",
                                "--target=wasm32",
                                "-O2",
                                "-nostdlib",
                                "-Wno-infinite-recursion",
                                "-I" + EXAMPLES.resolve("c"),
                                "-Wl,--no-entry",
                                "-o")));
    }

    /** Assembles a module given in the text format. */
    public static byte[] wat(String text) {
        RealServer.require("wat2wasm");
        return COMPILED.computeIfAbsent(text, any -> {
            try {
                Path source = Files.createTempFile("guest", ".wat");
                try {
                    Files.writeString(source, text);
                    return run(source, List.of("wat2wasm", "--enable-all", "-o"));
                } finally {
                    Files.delete(source);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Returns a guest that adds a field with its number; it gathers the bodies of requests. Number 13 says that it cannot work with its configuration. */
    public static byte[] numbered(int number) {
        String digits = "%04d".formatted(number);
        return wat("""
                (module
                (import "env" "proxy_replace_header_map_value" (func $set (param i32 i32 i32 i32 i32) (result i32)))
                (memory (export "memory") 1)
                (data (i32.const 16) "x-number")
                (data (i32.const 32) "%s")
                (func (export "proxy_abi_version_0_2_1"))
                (func (export "proxy_on_configure") (param i32 i32) (result i32) (i32.const %d))
                (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
                  (call $set (i32.const 0) (i32.const 16) (i32.const 8) (i32.const 32) (i32.const 4)))
                (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32) (i32.eqz (local.get 2)))
                (func (export "proxy_on_request_trailers") (param i32 i32) (result i32) (i32.const 0)))
                """.formatted(digits, number == 13 ? 0 : 1));
    }

    private static byte[] run(Path source, List<String> command) {
        try {
            Path target = Files.createTempFile("guest", ".wasm");
            try {
                Process process = new ProcessBuilder(
                                Stream.concat(command.stream(), Stream.of(target.toString(), source.toString()))
                                        .toList())
                        .redirectErrorStream(true)
                        .start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    process.destroyForcibly();
                    throw new IllegalStateException(command.get(0) + " of " + source + " failed:\n" + output);
                }
                return Files.readAllBytes(target);
            } finally {
                Files.delete(target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
