package io.lb4j.plugins.registry.oci;

import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Blobs and manifests in a folder, each under its digest, and which manifest each tag meant last. A file appears there whole, and is compared with its digest whenever it is read; so
 * several processes can share the folder, and one that is killed leaves nothing behind that another would take for true. Beyond a size those go that have not been used for
 * longest. Thread-safe.
 */
public final class BlobCache {
    private static final Duration FORGOTTEN = Duration.ofDays(1); // no pull takes that long

    private final Path blobs;
    private final Path tags;
    private final Path incoming;
    private final long maxOctets;

    /** Brings the octets of a blob. */
    @FunctionalInterface
    interface Filling {
        void writeTo(OutputStream target) throws IOException;
    }

    private record Kept(Path file, long size, FileTime used) {}

    private BlobCache(Path folder, long maxOctets) {
        this.blobs = folder.resolve("blobs").resolve("sha256");
        this.tags = folder.resolve("tags");
        this.incoming = folder.resolve("incoming");
        this.maxOctets = maxOctets;
    }

    /**
     * Opens a folder, and makes it if it is not there.
     *
     * @param maxOctets octets of blobs that stay
     * @throws IOException if it cannot be written to
     */
    public static BlobCache at(Path folder, long maxOctets) throws IOException {
        BlobCache cache = new BlobCache(folder, maxOctets);
        for (Path each : List.of(cache.blobs, cache.tags, cache.incoming)) {
            Files.createDirectories(each);
        }
        return cache;
    }

    /**
     * Returns the folder that is usual: {@code lb4j/registry} in that of the user's caches.
     *
     * @param environment of the process
     */
    public static Path usual(Map<String, String> environment) {
        String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path home = Path.of(System.getProperty("user.home", ""));
        return (caches.isEmpty() ? home.resolve(".cache") : Path.of(caches))
                .resolve("lb4j")
                .resolve("registry");
    }

    /**
     * Returns a blob; empty if it is not there. One that is damaged is taken away.
     *
     * @throws RegistryException if it is longer than it may be
     */
    Optional<byte[]> read(Digest digest, long longest) throws IOException {
        Path file = blobs.resolve(digest.hex());
        try {
            if (Files.size(file) > longest) {
                throw new RegistryException(Reason.TOO_LARGE, digest + ": more than " + longest + " octets");
            }
            byte[] octets = Files.readAllBytes(file);
            if (!Digest.of(octets).equals(digest)) {
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return Optional.of(octets);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // it was never there, or another process has just made room
        }
    }

    /**
     * Takes a blob in.
     *
     * @param size that it has to have
     * @throws RegistryException if what comes has another digest or another size; nothing is kept of it then
     */
    void fill(Digest digest, long size, Filling filling) throws IOException {
        Path fresh = Files.createTempFile(incoming, digest.hex().substring(0, 12), ".part");
        try {
            MessageDigest hash = Digest.begin();
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                filling.writeTo(new DigestOutputStream(Channels.newOutputStream(channel), hash));
                Digest found = Digest.finish(hash);
                if (!found.equals(digest) || channel.size() != size) {
                    throw new RegistryException(
                            Reason.WRONG_DIGEST,
                            found + " of " + channel.size() + " octets (expected: " + digest + " of " + size + ")");
                }
                channel.force(true);
            }
            Files.move(fresh, blobs.resolve(digest.hex()), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        makeRoom(digest);
    }

    private void makeRoom(Digest justFilled) throws IOException {
        List<Kept> kept = files(blobs);
        long octets = kept.stream().mapToLong(Kept::size).sum();
        kept.sort(Comparator.comparing(Kept::used));
        for (Kept each : kept) {
            if (octets <= maxOctets) {
                break;
            }
            if (!each.file().endsWith(justFilled.hex())) {
                Files.deleteIfExists(each.file());
                octets -= each.size();
            }
        }
        Instant limit = Instant.now().minus(FORGOTTEN);
        for (Kept each : files(incoming)) {
            if (each.used().toInstant().isBefore(limit)) {
                Files.deleteIfExists(each.file()); // of a process that was killed
            }
        }
    }

    private static List<Kept> files(Path folder) throws IOException {
        List<Kept> kept = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try {
                    kept.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
                } catch (NoSuchFileException e) {
                    // Another process has just taken it away.
                }
            }
        }
        return kept;
    }

    /** Notes which manifest a tag means. */
    void remember(ImageReference image, Digest digest) throws IOException {
        Path fresh = Files.createTempFile(incoming, "tag", ".part");
        try {
            Files.writeString(fresh, digest + "\n" + image + "\n", StandardCharsets.UTF_8);
            Files.move(fresh, tag(image), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Returns the manifest that a tag has meant last; empty if that is not known. */
    Optional<Digest> remembered(ImageReference image) throws IOException {
        try {
            return Files.readString(tag(image), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .map(Digest::parse);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            Files.deleteIfExists(tag(image)); // damaged: as good as not there
            return Optional.empty();
        }
    }

    private Path tag(ImageReference image) {
        return tags.resolve(
                Digest.of(image.toString().getBytes(StandardCharsets.UTF_8)).hex());
    }
}
