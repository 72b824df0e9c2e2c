package io.lb4j.server;

import io.lb4j.Parts;
import io.lb4j.config.ConfigurationException;
import io.lb4j.model.Configuration;
import io.lb4j.server.source.ConfigurationReading;
import io.lb4j.server.source.FileConfigSource;
import io.lb4j.spi.ConfigSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A configuration in YAML: a file, or a folder whose files are read in the order of their names and put together. Immutable and thread-safe.
 *
 * <pre>{@code
 * try (LoadBalancer lb = LoadBalancer.of(ConfigurationFile.at(Path.of("lb4j.yaml")).load()).start()) { … }
 * }</pre>
 */
public final class ConfigurationFile {
    /** Twice in a row files have to look the same: what is written is in force within a second. */
    static final Duration LOOK_INTERVAL = Duration.ofMillis(400);

    private final Path path;
    private final Map<String, String> environment;

    private ConfigurationFile(Path path, Map<String, String> environment) {
        this.path = path;
        this.environment = Map.copyOf(environment);
    }

    /** Names a file or a folder, which need not be there yet. */
    public static ConfigurationFile at(Path path) {
        return new ConfigurationFile(path, System.getenv());
    }

    /** Returns the file or folder. */
    public Path path() {
        return path;
    }

    /** Returns the same with other variables for values to name. Default: those of this process's environment. */
    public ConfigurationFile withEnvironment(Map<String, String> variables) {
        return new ConfigurationFile(path, variables);
    }

    /**
     * Reads and checks what stands there at present. What is said of the process ({@code logging}) is checked too.
     *
     * @throws ConfigurationException with all faults, each with its file, line and column
     */
    public Configuration load() {
        return read().orThrow().balancer();
    }

    /**
     * Returns a source for {@link io.lb4j.LoadBalancer#following} and {@link io.lb4j.LoadBalancer#follow}, which reads again when something has changed and then
     * stayed as it is for half a second.
     */
    public ConfigSource source() {
        return new FileConfigSource(path, LOOK_INTERVAL, this::read);
    }

    ConfigurationReading.Result read() {
        return ConfigurationReading.read(path, environment, Parts.catalog());
    }

    /** Reads a text as if it stood there: relative paths count from the same place. */
    ConfigurationReading.Result read(byte[] text) {
        return ConfigurationReading.readText(place(), text, environment, Parts.catalog());
    }

    /** Reads what stands there, and the files that it names. */
    ConfigurationReading.Check check() {
        return ConfigurationReading.check(path, environment, Parts.catalog());
    }

    /** Reads a text as if it stood there, and the files that it names. */
    ConfigurationReading.Check check(byte[] text) {
        return ConfigurationReading.checkText(place(), text, environment, Parts.catalog());
    }

    private Path place() {
        return Files.isDirectory(path) ? path.resolve("request") : path;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
