package io.lb4j.internal.accept;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** What the system lets this process hold open. */
final class FileDescriptors {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String ROW = "Max open files";

    private FileDescriptors() {}

    /** Returns the soft limit on open files; empty where the system has no {@code /proc}, or no limit. */
    static OptionalLong limit() {
        try {
            return Files.readAllLines(LIMITS, StandardCharsets.US_ASCII).stream()
                    .filter(line -> line.startsWith(ROW))
                    .map(line -> line.substring(ROW.length()).trim().split("\\s+", -1)[0])
                    .filter(soft -> soft.chars().allMatch(Character::isDigit))
                    .mapToLong(Long::parseLong)
                    .findFirst();
        } catch (IOException e) {
            // Not Linux, or /proc is not mounted: the limit is unknown, which is what the empty value says.
            return OptionalLong.empty();
        }
    }
}
