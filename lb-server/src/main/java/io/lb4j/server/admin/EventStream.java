package io.lb4j.server.admin;

/** An answer that goes on: server-sent events. */
interface EventStream extends AutoCloseable {
    /** Sends events for as long as there is somebody to take them, on a thread of its own. */
    void run(Receiver receiver) throws InterruptedException;

    @Override
    void close();

    /** Who takes them. Each method waits while the client is slow, and returns false once it is gone. */
    interface Receiver {
        boolean event(String name, String data) throws InterruptedException;

        boolean comment(String text) throws InterruptedException;
    }
}
