package io.lb4j.internal.snapshot;

import io.lb4j.exchange.Stage;
import io.lb4j.stats.AccessRecord;

/** Hears of exchanges. Implemented by the observe stage; called on event loops, and thread-safe. */
public interface ExchangeRecorder {
    /** Returns whether {@link #reached} is to be called. */
    boolean wantsStages();

    /** An exchange has come to a stage. It is valid during the call. */
    void reached(FinishedExchange exchange, Stage stage);

    /** An exchange has ended. It is valid during the call. */
    void ended(FinishedExchange exchange);

    /** Returns what is left of an exchange that has ended. */
    AccessRecord recordOf(FinishedExchange exchange);
}
