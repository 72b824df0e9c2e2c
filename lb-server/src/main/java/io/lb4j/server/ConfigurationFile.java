package io.lb4j.server;

import io.lb4j.Parts;
import io.lb4j.config.ConfigurationException;
import io.lb4j.model.Configuration;
import io.lb4j.server.source.ConfigurationReading;
import java.nio.file.Path;
import java.util.Map;

/**
 * A configuration in YAML: a file, or a folder whose files are read in the order of their names and put together. Immutable and thread-safe.
 *
 * <pre>{@code
 * try (LoadBalancer lb = LoadBalancer.of(ConfigurationFile.at(Path.of("lb4j.yaml")).load()).start()) { … }
 * }</pre>
 */
public final class ConfigurationFile {
    private final Path path;

    private ConfigurationFile(Path path) {
        this.path = path;
    }

    /** Names a file or a folder, which need not be there yet. */
    public static ConfigurationFile at(Path path) {
        return new ConfigurationFile(path);
    }

    /** Returns the file or folder. */
    public Path path() {
        return path;
    }

    /**
     * Reads and checks what stands there at present, with the variables of this process's environment.
     *
     * @throws ConfigurationException with all faults, each with its file, line and column
     */
    public Configuration load() {
        return load(System.getenv());
    }

    /**
     * Reads and checks what stands there at present.
     *
     * @param environment the variables that values may name
     * @throws ConfigurationException with all faults, each with its file, line and column
     */
    public Configuration load(Map<String, String> environment) {
        return ConfigurationReading.read(path, environment, Parts.catalog()).configuration();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
