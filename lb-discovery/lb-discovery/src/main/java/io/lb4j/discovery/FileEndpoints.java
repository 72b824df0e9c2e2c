package io.lb4j.discovery;

import io.lb4j.config.Draft;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Endpoints that a file names: JSON, as {@link EndpointJson} has its entries, or lines of {@code host:port}. It is looked at every second, and
 * read again when it has changed; a file that is gone, or cannot be read, leaves in force what it said. Immutable: each setter returns a changed
 * copy.
 */
public final class FileEndpoints extends RegistrySettings<FileEndpoints> {
    private FileEndpoints(Settings settings) {
        super(settings);
    }

    /** Names the file. Symbolic links are followed, so that a link may be exchanged. Default: looked at every second. */
    public static FileEndpoints in(Path file) {
        Draft draft = new Draft(FileDiscovery.SECTION);
        draft.set(FileDiscovery.PATH, file, Origin.setter("in", RegistrySettings.class::isAssignableFrom));
        return new FileEndpoints(complete(draft));
    }

    @Override
    protected FileEndpoints with(Settings changed) {
        return new FileEndpoints(changed);
    }

    /** Sets how often the file's time, size and identity are compared. Default: every second. */
    public FileEndpoints interval(Duration time) {
        return set(FileDiscovery.INTERVAL, time, "interval");
    }

    /** Returns the provider: for {@code cluster.discovery(…)}. */
    public Part provider() {
        return Part.of(new FileDiscoveryFactory(), settings());
    }
}
