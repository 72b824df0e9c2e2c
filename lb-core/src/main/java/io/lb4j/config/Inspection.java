package io.lb4j.config;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A look at what a configuration that has no faults itself leads to on this machine: at what files hold. Takes what is wrong there, and what was not looked at. Confined to one thread.
 */
public final class Inspection {
    private static final Pattern MESSAGE = Pattern.compile("(.*) \\(expected: (.*)\\)", Pattern.DOTALL);

    private final Scope scope;
    private final List<String> left; // shared with all places of the tree

    private Inspection(Scope scope, List<String> left) {
        this.scope = scope;
        this.left = left;
    }

    /** Reads a file, for whether it can be used. */
    @FunctionalInterface
    public interface Reading {
        /**
         * Reads it.
         *
         * @throws Exception if it cannot be used; an unchecked one other than IllegalArgumentException is a mistake of the reading's
         */
        void read(Path file) throws Exception;
    }

    /** Begins at the root of a tree; faults are reported to the scope's. */
    public static Inspection root(Faults faults) {
        return new Inspection(Scope.root(faults, PartCatalog.of(List.of())), new ArrayList<>());
    }

    /** Returns the same at the place of an option or of a named element below this one. */
    public Inspection at(String key) {
        return new Inspection(scope.at(key), left);
    }

    /** Returns the same at the place of an element of a list. */
    public Inspection at(int index) {
        return new Inspection(scope.at(index), left);
    }

    /** Returns the same with other faults to report to. */
    public Inspection reportingTo(Faults faults) {
        return new Inspection(new Scope(scope.path(), faults, scope.parts()), left);
    }

    /**
     * Reads the file that an option names, if it is set, and reports why it cannot be used.
     *
     * @param expected what the file should be, where the reason does not say so
     */
    public void file(Settings settings, Option<Path> option, String expected, Reading reading) {
        Optional<Path> file = settings.find(option);
        if (file.isPresent()) {
            at(option.name()).file(file.get(), expected, settings.origin(option), reading);
        }
    }

    /**
     * Reads a file that stands at this place, and reports why it cannot be used.
     *
     * @param expected what the file should be, where the reason does not say so
     * @param origin where the configuration names it
     */
    public void file(Path file, String expected, Origin origin, Reading reading) {
        attempt(() -> reading.read(file), file + ": ", expected, origin);
    }

    /**
     * Reads several files that belong together, and reports why they cannot be used; the reason says which of them is meant.
     *
     * @param expected what the files should be, where the reason does not say so
     * @param origin where the configuration names them
     */
    public void files(String expected, Origin origin, Callable<?> reading) {
        attempt(reading::call, "", expected, origin);
    }

    /** What may fail. */
    private interface Attempt {
        void make() throws Exception;
    }

    private void attempt(Attempt attempt, String name, String expected, Origin origin) {
        try {
            attempt.make();
        } catch (Exception e) {
            if (e instanceof RuntimeException mistake && !(e instanceof IllegalArgumentException)) {
                throw mistake;
            }
            report(messageOf(e), name, expected, origin);
        }
    }

    /** A message says what was expected in the form that all have here, or not at all. */
    private void report(String message, String name, String expected, Origin origin) {
        Matcher parts = MESSAGE.matcher(message);
        boolean isWhole = parts.matches();
        String why = isWhole ? parts.group(1) : message;
        String seen = why.startsWith(name.stripTrailing()) ? why : name + why;
        scope.report(Fault.Code.INVALID, seen, isWhole ? parts.group(2) : expected, origin);
    }

    /** Exceptions of files have nothing but the file's name for a message, or say what the operating system says. */
    private static String messageOf(Exception reason) {
        if (reason instanceof NoSuchFileException trouble) {
            return trouble.getFile() + ": there is no such file";
        }
        if (reason instanceof AccessDeniedException trouble) {
            return trouble.getFile() + ": it may not be read";
        }
        return Optional.ofNullable(reason.getMessage())
                .orElseGet(() -> reason.getClass().getSimpleName());
    }

    /** Notes that what stands at this place was not looked at, for it is not on this machine: a check asks nobody over a network. */
    public void leave() {
        left.add(scope.path());
    }

    /** Returns the places that were not looked at. */
    public List<String> left() {
        return Collections.unmodifiableList(left);
    }
}
