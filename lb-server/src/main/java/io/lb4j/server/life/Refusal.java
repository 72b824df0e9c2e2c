package io.lb4j.server.life;

import io.lb4j.config.Fault;
import java.time.Instant;
import java.util.List;

/**
 * A configuration that was not put in force. Immutable.
 *
 * @param at when
 * @param cause what brought it
 * @param message why; a line for each fault where there are faults
 * @param faults empty where the configuration is sound and the machine is in its way: a port that is taken
 */
public record Refusal(Instant at, String cause, String message, List<Fault> faults) {
    /** Copies the list. */
    public Refusal {
        faults = List.copyOf(faults);
    }
}
