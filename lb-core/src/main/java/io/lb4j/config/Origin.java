package io.lb4j.config;

import java.lang.StackWalker.StackFrame;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** Where a value came from. Immutable; its text is made for messages. */
public sealed interface Origin {
    /** Returns the origin of a value that nobody set. */
    static Origin byDefault() {
        return Default.INSTANCE;
    }

    /**
     * Returns the origin of a value that a builder's setter has set: the line that called it.
     *
     * @param setter the setter's name
     * @param builder tells the builders' own frames from those of their caller
     */
    static Origin setter(String setter, Predicate<Class<?>> builder) {
        Optional<StackFrame> caller = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(frame -> !isOurs(frame.getDeclaringClass(), builder))
                        .findFirst());
        String line = caller.map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("");
        return new Setter(setter, line);
    }

    private static boolean isOurs(Class<?> frame, Predicate<Class<?>> builder) {
        return frame == Origin.class || builder.test(frame);
    }

    /** The value is the option's default. */
    enum Default implements Origin {
        /** The only one. */
        INSTANCE;

        @Override
        public String toString() {
            return "default";
        }
    }

    /**
     * A builder's setter.
     *
     * @param name the setter's name
     * @param caller the file and line that called it, {@code Main.java:12}; empty if unknown
     */
    record Setter(String name, String caller) implements Origin {
        @Override
        public String toString() {
            return name + "(…)" + (caller.isEmpty() ? "" : " at " + caller);
        }
    }

    /**
     * A place in a file.
     *
     * @param file the file's path as the user wrote it
     * @param line from 1
     * @param column from 1
     */
    record Place(String file, int line, int column) implements Origin {
        /** Returns what a path that stands here means: one that is not absolute counts from the file. */
        public Path resolve(Path path) {
            Path folder = Path.of(file).getParent();
            if (folder == null || path.isAbsolute()) {
                return path;
            }
            Path plain = path;
            while (plain.getNameCount() > 1 && plain.startsWith(".")) {
                plain = plain.subpath(1, plain.getNameCount());
            }
            return folder.resolve(plain);
        }

        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }
}
