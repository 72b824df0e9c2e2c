package io.lb4j.testkit.leak;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The threads that ran at one moment, to find those that came later and stayed. Immutable and thread-safe.
 *
 * <pre>{@code
 * Threads before = Threads.snapshot();
 * … start and close …
 * before.assertNoneLeft();
 * }</pre>
 */
public final class Threads {
    /** Threads that the JDK, and JUnit, start for their own ends, and keep. */
    private static final List<String> KEPT = List.of(
            "process reaper",
            "ForkJoinPool.commonPool",
            "Common-Cleaner",
            "Keep-Alive-",
            "Attach Listener",
            "JFR ",
            "junit-jupiter-timeout-watcher");

    private static final int SHOWN_FRAMES = 8;

    private final Set<Long> known;
    private final Predicate<Thread> ignored;

    private Threads(Set<Long> known, Predicate<Thread> ignored) {
        this.known = known;
        this.ignored = ignored;
    }

    /**
     * Takes note of all threads that are alive now.
     *
     * @return ignores threads of the JDK itself, and of JUnit
     */
    public static Threads snapshot() {
        Set<Long> alive =
                Thread.getAllStackTraces().keySet().stream().map(Threads::idOf).collect(Collectors.toUnmodifiableSet());
        return new Threads(alive, thread -> KEPT.stream().anyMatch(thread.getName()::startsWith));
    }

    /**
     * Ignores other threads as well: of a library that the test uses, say.
     *
     * @param namePrefix how their names begin
     * @return a changed copy
     */
    public Threads ignoring(String namePrefix) {
        return new Threads(known, ignored.or(thread -> thread.getName().startsWith(namePrefix)));
    }

    /**
     * The threads that are alive now and were not then.
     *
     * @return without the ignored ones
     */
    public List<Thread> left() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> !known.contains(idOf(thread)))
                .filter(ignored.negate())
                .toList();
    }

    /**
     * Gives threads thirty seconds to end, and fails if any stays.
     *
     * @throws AssertionError with name and stack of each thread that stays
     */
    public void assertNoneLeft() {
        assertNoneLeft(Patience.DEFAULT);
    }

    /**
     * Gives threads some time to end, and fails if any stays.
     *
     * @param patience how long
     * @throws AssertionError with name and stack of each thread that stays
     */
    public void assertNoneLeft(Duration patience) {
        if (!Patience.untilTrue(patience, () -> left().isEmpty())) {
            throw new AssertionError("threads left after " + patience + " (expected: none): "
                    + left().stream().map(Threads::describe).collect(Collectors.joining("\n")));
        }
    }

    private static String describe(Thread thread) {
        String stack = Arrays.stream(thread.getStackTrace())
                .limit(SHOWN_FRAMES)
                .map(frame -> "\n    at " + frame)
                .collect(Collectors.joining());
        return thread.getName() + " (" + thread.getState() + ")" + stack;
    }

    @SuppressWarnings("deprecation") // threadId() came with Java 19
    private static long idOf(Thread thread) {
        return thread.getId();
    }
}
