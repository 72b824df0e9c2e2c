package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.StoredCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long to wait after failures, one after the other, before an authority is asked again: from a minute to six hours. */
final class Retry {
    private static final int[] MINUTES = {1, 2, 2, 5, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30, 30, 30, 60};
    private static final Duration LONGEST = Duration.ofHours(6);

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final int EMERGENCY_TRIES = 10; // in the time that is left
    private static final Duration LONGEST_ASKED =
            Duration.ofDays(7); // the longest limit that an authority is known to have
    private static final Duration LONGEST_BELIEVED = LONGEST_ASKED.plusDays(1);

    private Retry() {}

    /**
     * Returns when it is tried again: when the authority has said, if that is later than we would; but no later than in a week.
     *
     * @param failures 1 or more
     * @param current what is served
     * @param asked by the authority
     */
    static Instant next(int failures, Optional<StoredCertificate> current, Optional<Instant> asked, Instant now) {
        Instant ours = now.plus(after(failures, current, now));
        return bounded(asked.filter(ours::isBefore).orElse(ours), now);
    }

    /** Returns a time that an authority asks to be left alone until, but none later than in a week. */
    static Instant bounded(Instant asked, Instant now) {
        Instant latest = now.plus(LONGEST_ASKED);
        return asked.isBefore(latest) ? asked : latest;
    }

    /** Returns until when it is waited. What lies further ahead than anybody waits was written down by a clock that was ahead itself. */
    static Instant until(Instant notBefore, Instant now) {
        return notBefore.isAfter(now.plus(LONGEST_BELIEVED)) ? Instant.EPOCH : notBefore;
    }

    /**
     * The later, the longer; but near the end of what is served, often enough.
     *
     * @param failures 1 or more
     * @param current what is served
     */
    static Duration after(int failures, Optional<StoredCertificate> current, Instant now) {
        Duration usual = after(failures);
        if (current.isEmpty() || now.isBefore(RenewalTime.emergency(current.get()))) {
            return usual;
        }
        Instant end = current.get().certificate().notAfter();
        Duration often = Duration.between(now, end).dividedBy(EMERGENCY_TRIES);
        Duration bound = often.compareTo(SHORTEST) < 0 ? SHORTEST : often;
        return current.get().isValidAt(now) && bound.compareTo(usual) < 0 ? bound : usual;
    }

    /** @param failures 1 or more */
    static Duration after(int failures) {
        if (failures <= MINUTES.length) {
            return Duration.ofMinutes(MINUTES[failures - 1]);
        }
        // From an hour on twice as long each time: 2, 4, 6.
        int hours = 2 * (failures - MINUTES.length);
        return hours >= LONGEST.toHours() ? LONGEST : Duration.ofHours(hours);
    }
}
