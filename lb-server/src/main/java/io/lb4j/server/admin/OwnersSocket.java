package io.lb4j.server.admin;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A socket in the file system that is its owner's alone from its first moment on. A process cannot say with which permissions a socket is made, so that it is made out of sight,
 * in a folder that nobody else can enter, and comes to its place when it is closed to others.
 */
final class OwnersSocket {
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private OwnersSocket() {}

    /** Binds to an address. */
    interface Binding {
        Channel bind(SocketAddress address) throws IOException;
    }

    /**
     * Makes a socket; one that another process has left behind in its place is gone.
     *
     * @throws IOException with a text for people if there is no place for it
     */
    static Channel at(Path place, Binding binding) throws IOException {
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)
                && !Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther()) {
            throw new IOException(
                    "unix_socket: " + place + " is there, and no socket (expected: nothing, or a socket)");
        }
        Path folder = beside(place);
        Path made = folder.resolve("s"); // paths of sockets are short
        try {
            Channel channel = binding.bind(UnixDomainSocketAddress.of(made));
            try {
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
                Files.move(made, place, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                return channel;
            } catch (IOException e) {
                channel.close().awaitUninterruptibly();
                throw e;
            }
        } finally {
            Files.deleteIfExists(made);
            Files.delete(folder);
        }
    }

    private static Path beside(Path place) throws IOException {
        Path folder = place.toAbsolutePath().resolveSibling("");
        try {
            return Files.createTempDirectory(folder, ".", FOLDER);
        } catch (NoSuchFileException e) {
            throw new IOException("unix_socket: there is no folder " + folder + " (expected: one)", e);
        } catch (FileSystemException e) {
            String expected = " (expected: a folder that this process may write to)";
            throw new IOException("unix_socket: " + folder + expected, e);
        }
    }
}
