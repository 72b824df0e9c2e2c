package io.lb4j.internal.snapshot;

/**
 * The books of a plugin. Implemented by the observe stage. Each event loop writes under its own number, so that loops do not wait for each
 * other; what happens rarely may be entered by any thread.
 */
public interface PluginTraffic {
    /** An exchange has come to the plugin. */
    void called(int loop);

    /** An exchange that came to the plugin has ended; it was with the plugin so long. */
    void ended(int loop, long nanos);

    /** The plugin has answered an exchange itself. */
    void shortCircuited(int loop);

    /** A call has thrown. */
    void failed();

    /** A pause was not resumed in time. */
    void timedOut();

    /** A call has held an event loop for too long. */
    void blocked();

    /** The plugin was taken out. */
    void takenOut();
}
