package io.lb4j.server.source;

import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.model.Configuration;
import io.lb4j.spi.ConfigSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Configurations from a file or a folder, read again when something has changed there. Thread-safe. */
public final class FileConfigSource implements ConfigSource {
    private final Path path;
    private final Duration interval;
    private final Supplier<ConfigurationReading.Result> reader;
    private volatile Set<Path> files = Set.of(); // written by the watch's thread
    private @Nullable FileWatch watch; // guarded by this

    /**
     * Describes a source.
     *
     * @param path the file or folder
     * @param interval between two looks
     * @param reader reads what is there
     */
    public FileConfigSource(Path path, Duration interval, Supplier<ConfigurationReading.Result> reader) {
        this.path = path;
        this.interval = interval;
        this.reader = reader;
    }

    @Override
    public synchronized void watch(Listener listener) {
        if (watch != null) {
            throw new IllegalStateException(path + ": watched already (expected: one watch)");
        }
        Told told = new Told(listener);
        read(told);
        watch = FileWatch.start(interval, () -> ConfigurationFolder.present(path, files), () -> read(told));
    }

    private void read(Told told) {
        ConfigurationReading.Result result = reader.get();
        files = result.files();
        result.configuration()
                .ifPresentOrElse(
                        configuration -> told.configuration(configuration.balancer()),
                        () -> told.faults(result.faults()));
    }

    @Override
    public void close() {
        FileWatch ending;
        synchronized (this) {
            ending = watch;
        }
        if (ending != null) {
            ending.close();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** What the listener has been told last, which is not told twice. Confined to one thread at a time. */
    private static final class Told {
        private final Listener listener;
        private Optional<Configuration> configuration = Optional.empty();
        private List<Fault> faults = List.of();

        Told(Listener listener) {
            this.listener = listener;
        }

        void configuration(Configuration next) {
            faults = List.of();
            if (!configuration.equals(Optional.of(next))) {
                configuration = Optional.of(next);
                listener.onConfiguration(next);
            }
        }

        void faults(List<Fault> found) {
            if (!faults.equals(found)) {
                faults = found;
                listener.onError(new ConfigurationException(found));
            }
        }
    }
}
