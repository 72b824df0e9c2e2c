package io.lb4j.server;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.model.Configuration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A folder with files of configurations, and what comes of reading them. */
final class ConfigFolder {
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();

    ConfigFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    ConfigFolder file(String name, String text) {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    ConfigFolder file(String name, byte[] content) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    ConfigFolder variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Reads one file. */
    Configuration load(String name) {
        return at(folder.resolve(name)).load();
    }

    /** Reads all files. */
    Configuration load() {
        return at(folder).load();
    }

    /** Returns what is wrong with one file, as it is listed, the folder's name left out. */
    String faultsOf(String name) {
        return listed(folder.resolve(name));
    }

    /** Returns what is wrong with the folder. */
    String faults() {
        return listed(folder);
    }

    private ConfigurationFile at(Path path) {
        return ConfigurationFile.at(path).withEnvironment(environment);
    }

    private String listed(Path path) {
        try {
            at(path).load();
            return "";
        } catch (ConfigurationException e) {
            List<Fault> faults = e.faults();
            return FaultListing.of(faults).replace(folder + "/", "");
        }
    }
}
