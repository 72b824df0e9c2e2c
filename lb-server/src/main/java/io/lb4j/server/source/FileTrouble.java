package io.lb4j.server.source;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Why a file cannot be read, in the words of people. */
final class FileTrouble {
    private FileTrouble() {}

    /**
     * Refuses what is read without an end, or not before somebody writes: nothing else would be read any more. What a shell hands over is read.
     *
     * @throws IOException if it is no file
     */
    static void requireFile(Path path) throws IOException {
        boolean isHandedOver = path.startsWith("/dev");
        if (!isHandedOver
                && Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
            throw new FileSystemException(path.toString(), null, "it is a pipe or a device");
        }
    }

    /** Returns the reason, without the file's name. */
    static String of(Exception e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "it may not be read";
        }
        if (e instanceof FileSystemException trouble && trouble.getReason() != null) {
            return trouble.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
