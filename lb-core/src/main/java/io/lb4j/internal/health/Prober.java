package io.lb4j.internal.health;

import io.lb4j.model.Endpoint;
import java.util.function.Consumer;

/** Makes one check of one endpoint. Thread-safe. How often, how long and what follows from it is decided by {@link ActiveHealth}. */
@FunctionalInterface
public interface Prober {
    /**
     * Begins a check.
     *
     * @param report called with the result, at most once, on any thread, also before this method returns
     * @return the check under way
     */
    Probe begin(Endpoint endpoint, Consumer<Result> report);

    /** A check under way. */
    @FunctionalInterface
    interface Probe {
        /** Gives the check up and lets go of what it holds; its result is no longer asked for. On any thread; idempotent. */
        void cancel();
    }

    /**
     * What a check has found. Immutable.
     *
     * @param passed whether the endpoint is as it should be
     * @param reason what was seen, for people
     */
    record Result(boolean passed, String reason) {
        /** Returns that the endpoint is as it should be. */
        public static Result passed(String reason) {
            return new Result(true, reason);
        }

        /** Returns that the endpoint is not as it should be. */
        public static Result failed(String reason) {
            return new Result(false, reason);
        }
    }
}
