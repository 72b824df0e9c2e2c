package io.lb4j.benchmarks.protocols;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/** What clients have had answered so far. Thread-safe. */
final class Load {
    /** Answers may have any length. */
    static final long ANY_LENGTH = -1;

    private final long expectedOctets;
    private final LongConsumer durations;
    private final LongAdder answers = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * Creates a load of which nothing has been answered.
     *
     * @param expectedOctets the length of every answer, or {@link #ANY_LENGTH}
     * @param durations takes, in nanoseconds, how long each answer took
     */
    Load(long expectedOctets, LongConsumer durations) {
        this.expectedOctets = expectedOctets;
        this.durations = durations;
    }

    /**
     * An answer is whole.
     *
     * @param nanos since it was asked for
     * @param octets of its body
     * @return whether to ask again
     */
    boolean onAnswer(long nanos, long octets) {
        if (expectedOctets != ANY_LENGTH && octets != expectedOctets) {
            onFailure();
        }
        durations.accept(nanos);
        answers.increment();
        return !over.get();
    }

    void onFailure() {
        if (!over.get()) {
            failures.increment();
        }
    }

    void end() {
        over.set(true);
    }

    long answers() {
        return answers.sum();
    }

    long failures() {
        return failures.sum();
    }
}
