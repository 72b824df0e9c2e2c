package io.lb4j.spi;

import io.lb4j.exchange.Exchange;
import io.lb4j.exchange.Stage;
import io.lb4j.stats.AccessRecord;

/**
 * Hears of what has happened. Called on event loops, but for {@link #onControl}: an implementation must not block, and hands over to a
 * thread of its own what takes time. What it throws is logged, and goes no further.
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

    /**
     * Something has changed in what the balancer knows or is told to do. Called on one thread of its own, one event after the other in
     * their order, a moment after it happened. It may block; while it does, events gather, and of more than 10,000 the further ones are
     * lost, which is logged.
     */
    default void onControl(ControlEvent event) {}
}
