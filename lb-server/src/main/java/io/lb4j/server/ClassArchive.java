package io.lb4j.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archive of loaded classes that the start script has the JVM begin with. A JVM makes a new one as it ends where there is none, or one of another JDK or other
 * libraries; one that is damaged it does without, and leaves where it is, so that every later start would be as slow.
 *
 * @param file the archive; beside it, with {@code .log} behind its name, what the JVM says against it
 * @param mappings what is mapped into the memory of the process: an archive that can be read at all
 * @param start of the process
 * @param isMadeByTheJvm whether a JVM makes another by itself, which it does from JDK 19 on
 */
record ClassArchive(Path file, Path mappings, Instant start, boolean isMadeByTheJvm) {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClassArchive.class);
    private static final int FIRST_THAT_MAKES_ONE = 19;

    /** Returns that of this process; empty if the start script has named none. */
    static Optional<ClassArchive> ofThisProcess() {
        return Optional.ofNullable(System.getProperty("lb4j.cds"))
                .map(file -> new ClassArchive(
                        Path.of(file),
                        Path.of("/proc/self/maps"),
                        ProcessHandle.current().info().startInstant().orElse(Instant.MIN),
                        Runtime.version().feature() >= FIRST_THAT_MAKES_ONE));
    }

    /** Removes the archive if it was there when the process started, and the JVM does not use it. Where that cannot be found out, it stays. */
    void makeWayForAnother() {
        try {
            if (!isOlder() || isUsed()) {
                return;
            }
            if (!isMadeByTheJvm) {
                LOGGER.warn("{} is not used: it is damaged, or was made by another JDK or of other libraries", file);
                return;
            }
            Files.delete(file);
            LOGGER.info("{} was not used, and has been removed: a process that ends makes another", file);
        } catch (IOException e) {
            LOGGER.debug("whether {} is used cannot be found out, or it cannot be removed", file, e);
        }
    }

    /** What is younger another process has made, for those to come. */
    private boolean isOlder() throws IOException {
        return Files.isRegularFile(file)
                && Files.getLastModifiedTime(file).toInstant().isBefore(start);
    }

    private boolean isUsed() throws IOException {
        Path log = file.resolveSibling(file.getFileName() + ".log");
        if (Files.isRegularFile(log) && Files.size(log) > 0) {
            return false;
        }
        String end = " " + file.toRealPath();
        try (Stream<String> lines = Files.lines(mappings)) {
            return lines.anyMatch(line -> line.endsWith(end));
        }
    }
}
