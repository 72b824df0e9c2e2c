package io.lb4j.plugins.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.server.RealServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * The public suite for HTTP caches of cache-tests.fyi, with its origin server running. It comes from the npm registry, once for each clean
 * build; with {@code -Dlb4j.cacheTests=DIR} from a folder that holds the package or a copy of its repository.
 */
final class CacheSuite implements AutoCloseable {
    private static final String PACKAGE = "http-cache-tests@0.4.5";
    private static final Path HOME = Path.of("target/suites/http-cache-tests").toAbsolutePath();
    private static final Pattern LISTENING = Pattern.compile("Listening on http://127\\.0\\.0\\.1:(\\d+)/");
    private static final long DOWNLOAD_SECONDS = 120;
    private static final long START_SECONDS = 60;
    private static final long RUN_SECONDS = 300;

    /**
     * How a test has ended.
     *
     * @param kind {@code required}, {@code optimal} or {@code check}
     * @param outcome {@code pass}; {@code fail}; {@code setup}, {@code dependency}: it could not tell; {@code harness}: it broke
     * @param detail what was wrong
     */
    record Result(String kind, String outcome, String detail) {
        boolean isPassed() {
            return outcome.equals("pass");
        }
    }

    private final Path folder;
    private final Path programs;
    private final Process origin;
    private final int port;

    private CacheSuite(Path folder, Path programs, Process origin, int port) {
        this.folder = folder;
        this.programs = programs;
        this.origin = origin;
        this.port = port;
    }

    /** Starts the origin; has the test skipped, or with {@code CI=true} fail, where the suite cannot be had. */
    static CacheSuite start(Path work) throws IOException, InterruptedException {
        RealServer.require("node", "npm", "tar");
        Path folder = Optional.ofNullable(System.getProperty("lb4j.cacheTests"))
                .map(Path::of)
                .orElseGet(CacheSuite::fetched);
        Path programs = unpackPrograms(work);
        Path output = work.resolve("origin.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        "node", programs.resolve("origin.mjs").toString(), folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .putAll(Map.of(
                        "npm_config_protocol", "http",
                        "npm_config_port", "0",
                        "npm_config_pidfile", work.resolve("origin.pid").toString()));
        Process origin = builder.start();
        try {
            return new CacheSuite(folder, programs, origin, awaitPort(origin, output));
        } catch (AssertionError | IOException | InterruptedException e) {
            origin.destroyForcibly();
            throw e;
        }
    }

    private static Path fetched() {
        Path unpacked = HOME.resolve("package");
        if (Files.isDirectory(unpacked)) {
            return unpacked;
        }
        try {
            Path fresh = Files.createDirectories(HOME.resolveSibling("fetching"));
            run(DOWNLOAD_SECONDS, "npm", "pack", "--silent", "--pack-destination", fresh.toString(), PACKAGE);
            String archive = fresh.resolve(PACKAGE.replace('@', '-') + ".tgz").toString();
            run(DOWNLOAD_SECONDS, "tar", "-xzf", archive, "-C", fresh.toString());
            Files.createDirectories(HOME);
            return Files.move(fresh.resolve("package"), unpacked);
        } catch (IOException | AssertionError e) {
            String missing = PACKAGE + " cannot be had from the npm registry: " + e.getMessage();
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(missing, e);
            }
            Assumptions.abort(missing);
            throw new IllegalStateException(e);
        }
    }

    private static Path unpackPrograms(Path work) throws IOException {
        for (String name : List.of("layout.mjs", "origin.mjs", "client.mjs")) {
            try (var source = CacheSuite.class.getResourceAsStream("/suite/" + name)) {
                Files.write(work.resolve(name), source == null ? new byte[0] : source.readAllBytes());
            }
        }
        return work;
    }

    private static int awaitPort(Process origin, Path output) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            String text = Files.readString(output);
            Matcher matcher = LISTENING.matcher(text);
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
            boolean hasEnded = origin.waitFor(20, TimeUnit.MILLISECONDS);
            assertThat(hasEnded || System.nanoTime() > deadline).as(text).isFalse();
        }
    }

    int originPort() {
        return port;
    }

    /** Runs tests through a balancer, all of them if none is named; returns how each has ended. */
    Map<String, Result> run(int balancerPort, String... ids) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "node",
                programs.resolve("client.mjs").toString(),
                folder.toString(),
                "http://127.0.0.1:" + balancerPort));
        if (ids.length > 0) {
            command.add(String.join(",", ids));
        }
        Map<String, Result> results = new TreeMap<>();
        for (String line : run(RUN_SECONDS, command.toArray(new String[0])).split("\n", -1)) {
            String[] parts = line.split("\t", -1);
            if (parts[0].equals("RESULT")) {
                results.put(parts[1], new Result(parts[2], parts[3], parts[4]));
            }
        }
        return results;
    }

    private static String run(long seconds, String... command) throws IOException {
        Path output = Files.createTempFile("lb4j-suite", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean isOver = process.waitFor(seconds, TimeUnit.SECONDS);
            process.destroyForcibly().waitFor();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(isOver && process.exitValue() == 0)
                    .as(Arrays.toString(command) + ": " + text)
                    .isTrue();
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command[0] + " runs", e);
        } finally {
            Files.delete(output);
        }
    }

    @Override
    public void close() {
        origin.destroyForcibly().onExit().join();
    }
}
