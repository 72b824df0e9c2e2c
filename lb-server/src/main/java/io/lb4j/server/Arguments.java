package io.lb4j.server;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the program is asked to do. Immutable.
 *
 * @param task what
 * @param file with which configuration
 */
record Arguments(Task task, Path file) {
    private static final String DEFAULT_FILE = "lb4j.yaml";
    private static final Map<String, Task> OPTIONS = Map.of(
            "--check", Task.CHECK,
            "--example", Task.EXAMPLE,
            "--schema", Task.SCHEMA,
            "--version", Task.VERSION,
            "--help", Task.HELP,
            "-h", Task.HELP);

    static final String USAGE = """
            usage: lb-server [--check] [FILE]
              FILE       the configuration: a file in YAML, or a folder of them; lb4j.yaml unless another is named
              --check    says all that is wrong with the configuration, and ends
              --example  prints a configuration with everything explained
              --schema   prints the JSON Schema of configurations, for editors
              --version  prints the version
            It ends when it is asked to (SIGTERM, Ctrl-C), after the requests under way. It reads the configuration again when it has changed, and on SIGHUP.
            exit codes: 0 done, 1 could not start or failed, 2 the arguments are wrong, 3 the configuration is wrong
            """;

    /** What the program can do. */
    enum Task {
        SERVE,
        CHECK,
        EXAMPLE,
        SCHEMA,
        VERSION,
        HELP
    }

    /**
     * Reads the words of a command line.
     *
     * @throws IllegalArgumentException if they cannot be understood
     */
    static Arguments parse(List<String> words) {
        Optional<Task> task = Optional.empty();
        Optional<String> file = Optional.empty();
        for (String word : words) {
            if (word.isEmpty()) { // as an option or a variable that nobody has set; a folder of this name would be the
                // present one
                throw new IllegalArgumentException("file: \"\" (expected: a path)");
            }
            if (!word.startsWith("-")) {
                file = once(file, word, "one file or folder");
            } else if (OPTIONS.containsKey(word)) {
                task = once(task, OPTIONS.get(word), "one of them");
            } else {
                throw new IllegalArgumentException(
                        "option: " + word + " (expected: --check, --example, --schema, --version, --help)");
            }
        }
        try {
            return new Arguments(task.orElse(Task.SERVE), Path.of(file.orElse(DEFAULT_FILE)));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("file: " + e.getReason() + " (expected: a path)", e);
        }
    }

    private static <T> Optional<T> once(Optional<T> before, T value, String expected) {
        if (before.isPresent()) {
            throw new IllegalArgumentException(
                    "arguments: " + before.get() + ", " + value + " (expected: " + expected + ")");
        }
        return Optional.of(value);
    }
}
