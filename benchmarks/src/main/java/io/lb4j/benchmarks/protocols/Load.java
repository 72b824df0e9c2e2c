package io.lb4j.benchmarks.protocols;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** What clients have had answered so far. Thread-safe. */
final class Load {
    private final LongAdder answers = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final AtomicBoolean over = new AtomicBoolean();

    /** An answer is whole; returns whether to ask again. */
    boolean onAnswer() {
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
