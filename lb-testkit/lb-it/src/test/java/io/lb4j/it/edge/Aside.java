package io.lb4j.it.edge;

import java.util.concurrent.Executor;

/** Runs what blocks beside the test on a thread of its own: the common pool may have but one, which another test has taken. */
final class Aside {
    static final Executor THREAD = task -> new Thread(task, "aside").start();

    private Aside() {}
}
