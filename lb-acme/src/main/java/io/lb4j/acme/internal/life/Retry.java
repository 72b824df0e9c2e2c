package io.lb4j.acme.internal.life;

import java.time.Duration;

/** How long to wait after failures, one after the other, before an authority is asked again: from a minute to six hours. */
final class Retry {
    private static final int[] MINUTES = {1, 2, 2, 5, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30, 30, 30, 60};
    private static final Duration LONGEST = Duration.ofHours(6);

    private Retry() {}

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
