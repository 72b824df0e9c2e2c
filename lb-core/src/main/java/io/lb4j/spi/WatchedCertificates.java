package io.lb4j.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates from files, read again when the files change. Files are compared rather than watched: what the system's own watches tell of
 * symbolic links that are exchanged, and of network file systems, differs from platform to platform. Thread-safe.
 */
final class WatchedCertificates implements CertificateSource {
    private static final Logger logger = LoggerFactory.getLogger(WatchedCertificates.class);

    private final List<Path> paths;
    private final Loader loader;
    private final Duration pollInterval;
    private volatile FixedCertificates current = new FixedCertificates(List.of());
    private List<String> stamps = List.of(); // guarded by this
    private @Nullable Runnable stop; // guarded by this, as are the next two
    private @Nullable String damage; // what is wrong with the files at present
    private boolean toldDamage;

    /** Reads the files. */
    @FunctionalInterface
    interface Loader {
        /** Returns what they hold; throws IllegalArgumentException if that cannot be used. */
        List<Certificate> load() throws IOException;
    }

    WatchedCertificates(List<Path> paths, Loader loader, Duration pollInterval) {
        this.paths = List.copyOf(paths);
        this.loader = loader;
        this.pollInterval = pollInterval;
    }

    @Override
    public Optional<Certificate> cached(String serverName) {
        return current.cached(serverName);
    }

    @Override
    public List<Certificate> candidates(String serverName) {
        return current.candidates(serverName);
    }

    @Override
    public List<Certificate> certificates() {
        return current.certificates();
    }

    @Override
    public synchronized void start(Listener listener) {
        if (stop != null) {
            throw new IllegalStateException("certificates of " + paths + ": started already (expected: once)");
        }
        try {
            stamps = stampsNow();
            current = new FixedCertificates(loader.load());
        } catch (IOException e) {
            throw new IllegalArgumentException("certificates: cannot read " + paths + ": " + e, e);
        }
        stop = FilePoll.every(pollInterval, () -> poll(listener));
    }

    @Override
    public void close() {
        Runnable stopping;
        synchronized (this) {
            stopping = stop;
            stop = null;
        }
        if (stopping != null) {
            stopping.run();
        }
    }

    private void poll(Listener listener) {
        Exception trouble = null;
        boolean changed = false;
        synchronized (this) {
            try {
                changed = reload();
            } catch (IOException | IllegalArgumentException e) {
                trouble = toldAt(e);
            }
        }
        if (changed) {
            listener.onChange();
        }
        if (trouble != null) {
            logger.warn("certificates of {}: changed, but kept those in use: {}", paths, trouble.getMessage());
            listener.onError(paths.toString(), trouble);
        }
    }

    private boolean reload() throws IOException {
        List<String> now = stampsNow();
        if (stop == null || (now.equals(stamps) && damage == null)) {
            return false;
        }
        stamps = now; // before they are read: a change while they are read is another change
        FixedCertificates loaded = new FixedCertificates(loader.load());
        damage = null;
        boolean changed = !loaded.certificates().equals(current.certificates());
        current = loaded;
        if (changed) {
            logger.info("certificates of {}: now {}", paths, loaded.certificates());
        }
        return changed;
    }

    /**
     * Returns the trouble if it is to be told: when it is seen for the second time in a row, for a chain and its key are seldom replaced in
     * one moment, and then never again.
     */
    private @Nullable Exception toldAt(Exception trouble) {
        String text = trouble.toString();
        boolean again = text.equals(damage);
        damage = text;
        if (!again) {
            toldDamage = false;
            return null;
        }
        boolean first = !toldDamage;
        toldDamage = true;
        return first ? trouble : null;
    }

    private List<String> stampsNow() throws IOException {
        List<String> now = new ArrayList<>();
        for (Path path : paths) {
            Path real = path.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            now.add(String.join(
                    "|",
                    real.toString(),
                    attributes.lastModifiedTime().toString(),
                    Long.toString(attributes.size()),
                    String.valueOf(attributes.fileKey())));
        }
        return now;
    }
}
