package io.lb4j.plugins.wasm;

import io.lb4j.testkit.server.RealServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The example plugins as their sources give them: each built once by {@code examples/wasm/build.sh}, in a copy of its folder. Where a toolchain is missing the test is
 * skipped with a word that says which; for those that {@code ./verify} installs it fails instead where {@code CI=true}.
 */
final class BuiltExamples {
    private static final String RUST_TARGET = "wasm32-unknown-unknown";
    private static final long MINUTES = 8;
    private static final Map<String, byte[]> BUILT = new ConcurrentHashMap<>();

    private BuiltExamples() {}

    static byte[] module(String name) {
        Map<String, String> environment = switch (name) {
            case "custom-auth" -> Map.of("RUSTC", rustc());
            case "request-logger" -> {
                RealServer.require("node", "npm");
                yield Map.of();
            }
            default -> {
                RealServer.require("clang", "wasm-ld");
                yield Map.of();
            }
        };
        return BUILT.computeIfAbsent(name, any -> build(name, environment));
    }

    /** Returns a compiler that has the target's library: that of rustup, or Debian's. */
    private static String rustc() {
        for (String candidate : List.of("rustc", "/usr/bin/rustc")) {
            Optional<String> library = output(candidate, "--print", "target-libdir", "--target", RUST_TARGET);
            if (library.filter(folder -> Files.isDirectory(Path.of(folder))).isPresent()) {
                return candidate;
            }
        }
        Assumptions.abort("no rustc with a library for " + RUST_TARGET + " is on this machine");
        throw new IllegalStateException();
    }

    /** Returns what clang says of itself. */
    static String clangVersion() {
        return output("clang", "--version").orElse("");
    }

    private static Optional<String> output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // there is no such program
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] build(String name, Map<String, String> environment) {
        try {
            Path folder = copy(Files.createDirectories(Path.of("target/example-plugins", name)));
            Path output = folder.resolve("build.log");
            ProcessBuilder builder = new ProcessBuilder("./build.sh", name)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(name + " cannot be built:\n" + Files.readString(output));
            }
            return Files.readAllBytes(folder.resolve(name + ".wasm"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Copies the sources, and nothing that was built from them. */
    private static Path copy(Path target) throws IOException {
        try (Stream<Path> all = Files.walk(Guests.EXAMPLES)) {
            for (Path source : all.filter(BuiltExamples::isSource).toList()) {
                Path place = target.resolve(Guests.EXAMPLES.relativize(source).toString());
                Files.createDirectories(place.getParent());
                Files.copy(source, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return target;
    }

    private static boolean isSource(Path path) {
        return Files.isRegularFile(path)
                && !path.toString().contains("node_modules")
                && !path.toString().endsWith(".wasm");
    }
}
