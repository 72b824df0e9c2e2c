package io.lb4j.plugins.cache;

/**
 * What a URI stands for, from one change of it to the next: responses of a resource that has changed since they were asked for are not used
 * any more. Thread-safe.
 */
final class Resource {
    private volatile boolean current = true;

    /** Returns whether it has not changed, so far as is known. */
    boolean isCurrent() {
        return current;
    }

    void change() {
        current = false;
    }
}
