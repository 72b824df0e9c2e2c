package io.lb4j.plugins.log;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lines that go to a file. When it has become large it is renamed and another one begun; when somebody else has renamed it, another one is begun
 * too. Confined to one thread at a time.
 */
final class FileOutput implements LineOutput {
    private static final int BUFFER = 65_536;
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final Path file;
    private final long maxSize;
    private final int maxFiles;
    private @Nullable OutputStream out;
    private @Nullable Object key; // of the file that is open
    private long size;
    private long lookedNanos;

    FileOutput(Path file, long maxSize, int maxFiles) {
        this.file = file;
        this.maxSize = maxSize;
        this.maxFiles = maxFiles;
    }

    /** Opens the file, so that a place that cannot be written to is found out early. */
    void open() throws IOException {
        out = new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND), BUFFER);
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        key = attributes.fileKey();
        size = attributes.size();
        lookedNanos = System.nanoTime();
    }

    @Override
    public void write(String line) throws IOException {
        byte[] octets = (line + '\n').getBytes(StandardCharsets.UTF_8);
        if (size > 0 && size + octets.length > maxSize) {
            rotate();
        }
        opened().write(octets);
        size += octets.length;
    }

    private OutputStream opened() throws IOException {
        if (out != null && System.nanoTime() - lookedNanos > LOOK_NANOS) {
            lookedNanos = System.nanoTime();
            if (!isStillThere()) {
                close();
            }
        }
        if (out == null) {
            open();
        }
        return Objects.requireNonNull(out);
    }

    private boolean isStillThere() throws IOException {
        try {
            Object present =
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return Objects.equals(present, key);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void rotate() throws IOException {
        close();
        if (!isStillThere()) {
            open(); // somebody else has rotated
            return;
        }
        Files.deleteIfExists(numbered(maxFiles));
        for (int i = maxFiles - 1; i >= 1; i--) {
            move(numbered(i), numbered(i + 1));
        }
        move(file, numbered(1));
        open();
    }

    private static void move(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void flush() throws IOException {
        if (out != null) {
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        OutputStream open = out;
        out = null;
        if (open != null) {
            open.close();
        }
    }
}
