package io.lb4j.internal.snapshot;

/**
 * Passive ejection of one endpoint. Immutable.
 *
 * @param isActive whether the endpoint is out at present
 * @param untilNanos when it comes back, by the clock of its cluster; without meaning while it is not out
 * @param times how many ejections are held against it: each makes the next one longer, good conduct takes them away again
 */
public record Exclusion(boolean isActive, long untilNanos, int times) {
    /** Never ejected, or forgiven. */
    public static final Exclusion NONE = new Exclusion(false, 0, 0);

    Exclusion begin(long until) {
        return new Exclusion(true, until, times + 1);
    }

    Exclusion end() {
        return new Exclusion(false, 0, times);
    }

    Exclusion forgiveOne() {
        return isActive || times == 0 ? this : new Exclusion(false, 0, times - 1);
    }
}
