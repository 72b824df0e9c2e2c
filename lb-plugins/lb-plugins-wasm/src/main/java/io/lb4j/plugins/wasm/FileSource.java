package io.lb4j.plugins.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A module in a file, which may be written anew. Confined to one thread at a time. */
final class FileSource implements ModuleSource {
    private static final long SETTLED_MILLIS = 2000;

    private final Path file;
    private @Nullable State last;

    /** What tells one state of a file from another without reading it. */
    private record State(FileTime modified, long size, Optional<Object> key) {
        static State of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(
                    attributes.lastModifiedTime(), attributes.size(), Optional.ofNullable(attributes.fileKey()));
        }
    }

    FileSource(Path file) {
        this.file = file;
    }

    @Override
    public Optional<byte[]> fetch(long maxOctets) throws IOException {
        State state = State.of(file);
        if (state.equals(last)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes((int) Math.min(maxOctets + 1, Integer.MAX_VALUE - 8));
            if (octets.length > maxOctets) {
                throw new IOException(file + ": more than " + maxOctets + " octets (the limit)");
            }
            // A clock of files may stand still for some milliseconds: one that has just been written is read again.
            boolean isSettled = state.modified().toMillis() < System.currentTimeMillis() - SETTLED_MILLIS;
            last = isSettled ? state : null;
            return Optional.of(octets);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
