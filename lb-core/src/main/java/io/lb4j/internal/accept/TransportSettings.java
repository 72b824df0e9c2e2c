package io.lb4j.internal.accept;

import java.util.Optional;

/**
 * How the event loops are made.
 *
 * @param kind the transport to use whatever it takes; empty takes {@link TransportKind#automatic()}
 * @param loops how many event loops, each a thread
 * @param threadPrefix the beginning of the threads' names; a number follows
 * @param daemon whether the threads let the JVM end while they run
 */
public record TransportSettings(Optional<TransportKind> kind, int loops, String threadPrefix, boolean daemon) {
    /** Checks the number of loops. */
    public TransportSettings {
        if (loops < 1) {
            throw new IllegalArgumentException("event loops: " + loops + " (expected: >= 1)");
        }
    }

    /**
     * Returns the defaults: the best transport, a loop for each processor, threads named {@code lb4j-loop-0} and on, which keep the
     * JVM running until the balancer is closed.
     */
    public static TransportSettings defaults() {
        return new TransportSettings(Optional.empty(), Runtime.getRuntime().availableProcessors(), "lb4j-loop-", false);
    }

    /** Returns the same settings with another number of loops. */
    public TransportSettings withLoops(int number) {
        return new TransportSettings(kind, number, threadPrefix, daemon);
    }

    /** Returns the same settings with a transport that must be used. */
    public TransportSettings withKind(TransportKind forced) {
        return new TransportSettings(Optional.of(forced), loops, threadPrefix, daemon);
    }
}
