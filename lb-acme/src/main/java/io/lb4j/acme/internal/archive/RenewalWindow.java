package io.lb4j.acme.internal.archive;

import java.time.Duration;
import java.time.Instant;

/**
 * When an authority wants a certificate to be renewed (RFC 9773 §4.2). Immutable.
 *
 * @param start the earliest time
 * @param end the latest; after it, renewal is overdue
 * @param askAgain when the authority wants to be asked again
 */
public record RenewalWindow(Instant start, Instant end, Instant askAgain) {
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1); // RFC 9773 §4.3.2

    /** Returns whether the authority is asked again by now; once a day at least, whatever it says, and whatever clock that was written by. */
    public boolean isAskedAgainAt(Instant now) {
        return !now.isBefore(askAgain) || askAgain.isAfter(now.plus(LONGEST_PAUSE));
    }
}
