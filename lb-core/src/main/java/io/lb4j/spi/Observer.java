package io.lb4j.spi;

import io.lb4j.exchange.Exchange;
import io.lb4j.exchange.Stage;
import io.lb4j.stats.AccessRecord;

/**
 * Hears of what has happened. Called on event loops: an implementation must not block, and hands over to a thread of its own what takes
 * time. What it throws is logged and counted, and goes no further.
 */
public interface Observer {
    /** An exchange has ended. */
    default void onAccess(AccessRecord access) {}

    /** Returns whether {@link #onStage} is to be called. Asked once, at the start. By default not: a request then costs nothing more. */
    default boolean wantsStages() {
        return false;
    }

    /** An exchange has come to a stage. It is valid during the call. */
    default void onStage(Exchange exchange, Stage stage) {}
}
