package io.lb4j.server.life;

import io.lb4j.server.config.ServerConfiguration;

/** What goes by a configuration beside the balancer. */
@FunctionalInterface
public interface RestOfProcess {
    /**
     * Makes ready what a configuration says, all that may fail, and shows nothing of it.
     *
     * @throws RuntimeException if it cannot be done; everything is as before then
     */
    Prepared prepare(ServerConfiguration next);

    /** What has been made ready. One of the two is called, once. */
    interface Prepared {
        /** Puts it in force; cannot fail. */
        void commit();

        /** Lets it go: another configuration stays in force. */
        void discard();
    }
}
