package io.lb4j.testkit.time;

import java.util.concurrent.Executor;

/**
 * Runs what blocks beside a test: {@code CompletableFuture.runAsync(lb::close, Aside.THREAD)}. The common pool, which is taken where no executor is named, has but one
 * thread on a machine with two processors, and another test may hold it.
 */
public final class Aside {
    /** Gives each task a daemon thread of its own. */
    public static final Executor THREAD = task -> {
        Thread thread = new Thread(task, "aside");
        thread.setDaemon(true);
        thread.start();
    };

    private Aside() {}
}
