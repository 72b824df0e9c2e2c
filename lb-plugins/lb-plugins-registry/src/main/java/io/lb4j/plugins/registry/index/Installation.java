package io.lb4j.plugins.registry.index;

import io.lb4j.plugins.registry.oci.CachedRegistry;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.ModuleImage;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import io.lb4j.plugins.registry.sign.PublisherCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Plugins in a folder, {@code NAME.wasm} each, and beside them the file {@code plugins.lock}, which says exactly what they are. A plugin whose {@code path} is such a file is reloaded when it
 * is updated or rolled back. Confined to one thread, and to one process at a time.
 */
public final class Installation {
    /** Octets that a module may have. */
    public static final long LONGEST_MODULE = 256L << 20;

    private static final int MOST_PREVIOUS = 5;

    private final Path folder;
    private final CachedRegistry registry;
    private final PublisherCheck check;
    private final Clock clock;

    private Installation(Path folder, CachedRegistry registry, PublisherCheck check, Clock clock) {
        this.folder = folder;
        this.registry = registry;
        this.check = check;
        this.clock = clock;
    }

    /**
     * Opens a folder, and makes it if it is not there.
     *
     * @param registry where images are pulled; not closed by this
     * @param check which publishers' images are installed
     */
    public static Installation in(Path folder, CachedRegistry registry, PublisherCheck check) throws IOException {
        return in(folder, registry, check, Clock.systemUTC());
    }

    /** Opens a folder, with a clock of one's own. */
    static Installation in(Path folder, CachedRegistry registry, PublisherCheck check, Clock clock) throws IOException {
        Files.createDirectories(folder);
        return new Installation(folder, registry, check, clock);
    }

    private Path lockFile() {
        return folder.resolve("plugins.lock");
    }

    /** Returns the file of a plugin. */
    public Path file(String name) {
        return folder.resolve(name + ".wasm");
    }

    /** Returns what is installed, by name. */
    public Map<String, LockedPlugin> plugins() throws IOException {
        return LockFile.read(lockFile()).plugins();
    }

    /**
     * Installs a plugin, in place of what there is of it.
     *
     * @return what is installed now
     * @throws RegistryException if the index is old or expired, or there is no such version, or it cannot be had
     */
    public LockedPlugin install(PluginIndex index, String name, VersionRange range) throws IOException {
        LockFile lock = accepted(index);
        Release release = index.resolve(name, range);
        Optional<LockedPlugin> before = Optional.ofNullable(lock.plugins().get(name));
        if (before.isPresent() && before.get().image().equals(release.image())) {
            LockedPlugin same = new LockedPlugin(
                    range,
                    release.version(),
                    release.image(),
                    before.get().module(),
                    before.get().previous());
            put(name, module(same, lock), same, lock);
            return same;
        }
        byte[] module = pull(release.image(), lock);
        LockedPlugin next = new LockedPlugin(
                range,
                release.version(),
                release.image(),
                Digest.of(module),
                before.map(old -> shortened(old, MOST_PREVIOUS)));
        put(name, module, next, lock);
        return next;
    }

    private static LockedPlugin shortened(LockedPlugin plugin, int most) {
        Optional<LockedPlugin> previous =
                most <= 1 ? Optional.empty() : plugin.previous().map(old -> shortened(old, most - 1));
        return new LockedPlugin(plugin.range(), plugin.version(), plugin.image(), plugin.module(), previous);
    }

    /**
     * Updates a plugin to the newest version of the range that it was installed with.
     *
     * @throws RegistryException if it is not installed, or as {@link #install}
     */
    public LockedPlugin update(PluginIndex index, String name) throws IOException {
        return install(index, name, installed(name).range());
    }

    /**
     * Goes back to what was installed before.
     *
     * @throws RegistryException if there is nothing, or it cannot be had any longer
     */
    public LockedPlugin rollBack(String name) throws IOException {
        LockedPlugin before = installed(name)
                .previous()
                .orElseThrow(() -> new RegistryException(
                        Reason.NOT_FOUND, name + ": nothing before (expected: an update to go back behind)"));
        LockFile lock = LockFile.read(lockFile());
        put(name, module(before, lock), before, lock);
        return before;
    }

    /**
     * Brings all files to what the lock file says, from the cache or their registries.
     *
     * @throws RegistryException if one cannot be had, or is another one
     */
    public void restore() throws IOException {
        LockFile lock = LockFile.read(lockFile());
        for (Map.Entry<String, LockedPlugin> each : lock.plugins().entrySet()) {
            Path file = file(each.getKey());
            boolean isThere = Files.exists(file)
                    && Digest.of(Files.readAllBytes(file))
                            .equals(each.getValue().module());
            if (!isThere) {
                LockFile.replace(file, module(each.getValue(), lock));
            }
        }
    }

    private LockedPlugin installed(String name) throws IOException {
        return Optional.ofNullable(plugins().get(name))
                .orElseThrow(() -> new RegistryException(Reason.NOT_FOUND, name + ": not installed"));
    }

    private LockFile accepted(PluginIndex index) throws IOException {
        LockFile lock = LockFile.read(lockFile());
        if (index.expires().isBefore(clock.instant())) {
            throw new RegistryException(
                    Reason.OUTDATED,
                    "index " + index.name() + ": expired on " + index.expires() + " (expected: a newer one)");
        }
        boolean isSame = lock.index().isEmpty() || lock.index().equals(index.name());
        if (!isSame) {
            throw new RegistryException(
                    Reason.OUTDATED, "index: " + index.name() + " (expected: " + lock.index() + ", as before)");
        }
        if (index.version() < lock.indexVersion()) {
            throw new RegistryException(
                    Reason.OUTDATED,
                    "index " + index.name() + ": version " + index.version() + " (expected: >= " + lock.indexVersion()
                            + ")");
        }
        return new LockFile(index.name(), index.version(), index.revoked(), lock.plugins());
    }

    private byte[] pull(ImageReference image, LockFile lock) throws IOException {
        Digest digest = image.digest().orElseThrow();
        if (lock.revoked().contains(digest)) {
            throw new RegistryException(Reason.REVOKED, image + " (expected: one that is not revoked)");
        }
        check.require(registry, image, digest);
        return ModuleImage.read(registry, image, digest, LONGEST_MODULE).module();
    }

    private byte[] module(LockedPlugin plugin, LockFile lock) throws IOException {
        byte[] module = pull(plugin.image(), lock);
        if (!Digest.of(module).equals(plugin.module())) {
            throw new RegistryException(
                    Reason.WRONG_DIGEST, plugin.image() + ": module (expected: " + plugin.module() + ")");
        }
        return module;
    }

    private void put(String name, byte[] module, LockedPlugin plugin, LockFile lock) throws IOException {
        Map<String, LockedPlugin> plugins = new TreeMap<>(lock.plugins());
        plugins.put(name, plugin);
        LockFile.replace(file(name), module);
        new LockFile(lock.index(), lock.indexVersion(), lock.revoked(), plugins).write(lockFile());
    }
}
