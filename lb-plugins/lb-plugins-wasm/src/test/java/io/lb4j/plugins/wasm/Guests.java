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
final class Guests {
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
    static byte[] wat(String text) {
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
