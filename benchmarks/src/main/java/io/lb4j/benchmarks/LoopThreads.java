package io.lb4j.benchmarks;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs benchmarks on threads of the kind that event loops have: only to those do Netty's allocators and recyclers give caches of their
 * own. JMH makes it by its name.
 */
public final class LoopThreads extends ThreadPoolExecutor {
    /** What tells JMH to use this class; for {@code @Fork(jvmArgsAppend = …)}. */
    static final String CUSTOM = "-Djmh.executor=CUSTOM";

    /** As {@link #CUSTOM}. */
    static final String CLASS = "-Djmh.executor.class=io.lb4j.benchmarks.LoopThreads";

    /** Creates the executor. */
    public LoopThreads(int threads, String prefix) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(prefix));
    }
}
