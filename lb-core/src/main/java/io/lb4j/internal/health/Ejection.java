package io.lb4j.internal.health;

import java.time.Duration;

/**
 * When an endpoint is ejected for what requests met with, and for how long. The rules are those of Envoy's outlier detection. Immutable.
 *
 * @param consecutiveFailures so many failures in a row eject at once, at least 1; 5 by default
 * @param interval how often success rates are compared and good conduct is rewarded, above 0; 10 s by default
 * @param successRate when a success rate is too low
 * @param baseTime how long the first ejection lasts, above 0; the second lasts twice as long, and so on; 30 s by default
 * @param maxTime what no ejection exceeds, at least the base time; 300 s by default
 * @param maxEjectedShare the share of the members, 0 to 1, that may be out at a time; one always may unless it is 0; 0.5 by default
 */
public record Ejection(
        int consecutiveFailures,
        Duration interval,
        SuccessRate successRate,
        Duration baseTime,
        Duration maxTime,
        double maxEjectedShare) {
    /** What holds unless configured otherwise. */
    public static final Ejection DEFAULT = new Ejection(
            5, Duration.ofSeconds(10), SuccessRate.DEFAULT, Duration.ofSeconds(30), Duration.ofMinutes(5), 0.5);

    /**
     * Success rates over one interval: an endpoint is ejected whose rate is below {@code mean − deviations × standard deviation} of all.
     * Immutable.
     *
     * @param deviations how many standard deviations below the mean are too low, above 0; 1.9 by default
     * @param minHosts how many endpoints must have enough requests for a comparison, at least 2; 5 by default
     * @param minRequests how many requests within the interval are enough, at least 1; 100 by default
     */
    public record SuccessRate(double deviations, int minHosts, int minRequests) {
        /** What holds unless configured otherwise. */
        public static final SuccessRate DEFAULT = new SuccessRate(1.9, 5, 100);

        /**
         * Checks what it is given.
         *
         * @throws IllegalArgumentException if a figure is out of range
         */
        public SuccessRate {
            if (!(deviations > 0)) {
                throw new IllegalArgumentException("deviations: " + deviations + " (expected: > 0)");
            }
            Checks.atLeast("minHosts", minHosts, 2);
            Checks.atLeast("minRequests", minRequests, 1);
        }
    }

    /**
     * Checks what it is given.
     *
     * @throws IllegalArgumentException if a figure is out of range
     */
    public Ejection {
        Checks.atLeast("consecutiveFailures", consecutiveFailures, 1);
        Checks.positive("interval", interval);
        Checks.positive("baseTime", baseTime);
        if (maxTime.compareTo(baseTime) < 0) {
            throw new IllegalArgumentException("maxTime: " + maxTime + " (expected: >= baseTime, " + baseTime + ")");
        }
        Checks.share("maxEjectedShare", maxEjectedShare);
    }

    /** Returns how many of so many members may be out at a time. */
    int maxEjected(int members) {
        return maxEjectedShare == 0 ? 0 : Math.max(1, (int) (members * maxEjectedShare));
    }

    /** Returns how long an ejection lasts of an endpoint that has been ejected so many times before, less what was forgiven. */
    long timeNanos(int timesBefore) {
        long base = baseTime.toNanos();
        long max = maxTime.toNanos();
        // Compared by division: the product may not fit.
        return timesBefore + 1 > max / base ? max : base * (timesBefore + 1);
    }
}
