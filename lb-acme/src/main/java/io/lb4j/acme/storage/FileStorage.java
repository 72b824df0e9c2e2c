package io.lb4j.acme.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A storage in files. Thread-safe: a value is a whole file, replaced by one rename, and locks are the operating system's.
 */
final class FileStorage implements AcmeStorage {
    private static final Logger logger = LoggerFactory.getLogger(FileStorage.class);
    private static final String TEMPORARY = ".new"; // no segment of a key begins with a dot
    private static final Duration LONGEST_WRITE = Duration.ofMinutes(1);
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final FileAttribute<?>[] FOLDER_RIGHTS = rights("rwx------");
    private static final FileAttribute<?>[] FILE_RIGHTS = rights("rw-------");

    /** Locks of this process: the system's are those of a whole process, and go when any of its channels to the file is closed. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final AtomicBoolean isWide = new AtomicBoolean(); // that has been warned of

    FileStorage(Path folder) {
        root = folder.toAbsolutePath().normalize();
    }

    private static FileAttribute<?>[] rights(String text) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))}
                : new FileAttribute<?>[0];
    }

    private Path place(List<String> segments) {
        return folder(segments.size(), segments);
    }

    /** Returns the folder that the first of some segments lead to. */
    private Path folder(int depth, List<String> segments) {
        Path place = root;
        for (String segment : segments.subList(0, depth)) {
            place = place.resolve(segment);
        }
        return place;
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        try {
            Path place = place(StorageKey.segments(key));
            byte[] value = Files.readAllBytes(place);
            warnIfWide(place);
            return Optional.of(value);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw denied(e);
        }
    }

    /**
     * As after a copy with the rights that a backup, or an image of a container, gives to everything. They are not narrowed here: somebody may have
     * given them on purpose. Warned of once.
     */
    private void warnIfWide(Path file) throws IOException {
        if (!POSIX || isWide.get()) {
            return;
        }
        Set<PosixFilePermission> ofFolder = Files.getPosixFilePermissions(root);
        Set<PosixFilePermission> ofFile = Files.getPosixFilePermissions(file);
        boolean isOpenToGroup =
                ofFolder.contains(PosixFilePermission.GROUP_EXECUTE) && ofFile.contains(PosixFilePermission.GROUP_READ);
        boolean isOpenToAll = ofFolder.contains(PosixFilePermission.OTHERS_EXECUTE)
                && ofFile.contains(PosixFilePermission.OTHERS_READ);
        if ((isOpenToGroup || isOpenToAll) && !isWide.getAndSet(true)) {
            logger.warn(
                    "{}: others may read it, with private keys, by its rights {} below {} with {} (expected: rw------- below"
                            + " rwx------; chmod -R go-rwx {})",
                    file,
                    PosixFilePermissions.toString(ofFile),
                    root,
                    PosixFilePermissions.toString(ofFolder),
                    root);
        }
    }

    /** As after a copy from another machine, where the user had another number. */
    private static IOException denied(AccessDeniedException e) {
        return new IOException(
                e.getFile() + ": access is denied (expected: files of the user " + System.getProperty("user.name")
                        + ")",
                e);
    }

    @Override
    public void write(String key, byte[] value) throws IOException {
        List<String> segments = StorageKey.segments(key);
        Path place = place(segments);
        Path folder = makeFolder(folder(segments.size() - 1, segments));
        // By chance, since in containers one process has the number of the next, which may find what the one has left.
        Path fresh = folder.resolve(TEMPORARY + "-" + UUID.randomUUID() + "-" + place.getFileName());
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_RIGHTS)) {
                ByteBuffer octets = ByteBuffer.wrap(value);
                while (octets.hasRemaining()) {
                    channel.write(octets);
                }
                channel.force(true);
            }
            rename(fresh, place);
        } finally {
            Files.deleteIfExists(fresh);
        }
        forceFolder(folder);
        sweep(folder);
    }

    /** Removes what processes that were killed have left. */
    private static void sweep(Path folder) {
        FileTime old = FileTime.from(Instant.now().minus(LONGEST_WRITE));
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, TEMPORARY + "*")) {
            for (Path file : left) {
                // One that is gone meanwhile was another process's, and is in its place.
                if (Files.exists(file) && Files.getLastModifiedTime(file).compareTo(old) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            logger.debug("{}: what killed processes have left stays", folder, e);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(
                    to.getParent() + ": files cannot be replaced as a whole there (expected: a local disk)", e);
        }
    }

    /** Makes folders that are missing; those that are there keep their rights, which are their owner's business. */
    private static Path makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, FOLDER_RIGHTS);
        }
        return folder;
    }

    /** Forces a rename to disk, where a folder can be opened for that: on Linux and macOS. */
    private static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows refuses, and orders renames by its own journal.
        }
    }

    @Override
    public boolean remove(String key) throws IOException {
        return Files.deleteIfExists(place(StorageKey.segments(key)));
    }

    @Override
    public List<String> keys(String prefix) throws IOException {
        Path folder = place(StorageKey.prefix(prefix));
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith(TEMPORARY))
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public Optional<Hold> tryLock(String name, Duration timeToLive) throws IOException {
        Path folder = makeFolder(root.resolve("locks"));
        Path file = folder.resolve(String.join("+", StorageKey.segments(name)) + ".lock");
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        boolean isTaken = false;
        try {
            FileChannel channel = FileChannel.open(
                    file, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE_RIGHTS);
            FileLock lock = lockOf(channel);
            isTaken = lock != null;
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new FileHold(file, channel));
        } catch (AccessDeniedException e) {
            throw denied(e);
        } finally {
            if (!isTaken) {
                HELD.remove(file);
            }
        }
    }

    private static @Nullable FileLock lockOf(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another copy of this class in the process, in another class loader, holds it.
            return null;
        }
    }

    /** A lock that is held, for as long as the process lives. */
    private final class FileHold implements Hold {
        private final Path file;
        private final FileChannel channel;
        private final AtomicBoolean open = new AtomicBoolean(true);

        FileHold(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public boolean renew() {
            return open.get();
        }

        @Override
        public boolean write(String key, byte[] value) throws IOException {
            if (!open.get()) {
                return false;
            }
            FileStorage.this.write(key, value);
            return true;
        }

        @Override
        public void close() {
            if (!open.getAndSet(false)) {
                return;
            }
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(file + ": the lock cannot be given up", e);
            } finally {
                HELD.remove(file);
            }
        }
    }
}
