package io.lb4j.internal.health;

import java.time.Duration;
import java.util.Optional;

/**
 * When endpoints are checked, and what a run of results means. Immutable.
 *
 * @param interval from the end of one check to the beginning of the next, above 0; 5 s by default
 * @param jitter by which share of itself, 0 to 1, the interval may be shorter or longer; 0.1 by default
 * @param timeout after which a check has failed, above 0; 2 s by default
 * @param rise so many checks in a row that pass make an unhealthy endpoint healthy, at least 1; 2 by default
 * @param fall so many checks in a row that fail make a healthy endpoint unhealthy, at least 1; 3 by default
 * @param idleInterval the interval for a healthy endpoint that no request went to since the check before, above 0; as the others by
 *     default
 */
public record ActiveCheck(
        Duration interval, double jitter, Duration timeout, int rise, int fall, Optional<Duration> idleInterval) {
    /** What holds unless configured otherwise. */
    public static final ActiveCheck DEFAULT =
            new ActiveCheck(Duration.ofSeconds(5), 0.1, Duration.ofSeconds(2), 2, 3, Optional.empty());

    /**
     * Checks what it is given.
     *
     * @throws IllegalArgumentException if a figure is out of range
     */
    public ActiveCheck {
        Checks.positive("interval", interval);
        Checks.share("jitter", jitter);
        Checks.positive("timeout", timeout);
        Checks.atLeast("rise", rise, 1);
        Checks.atLeast("fall", fall, 1);
        idleInterval.ifPresent(value -> Checks.positive("idleInterval", value));
    }
}
