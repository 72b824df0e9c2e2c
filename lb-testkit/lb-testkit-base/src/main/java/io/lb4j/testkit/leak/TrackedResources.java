package io.lb4j.testkit.leak;

import java.time.Duration;

/**
 * How many resources that Netty tracks (buffers of every allocator but heap buffers of the unpooled one, TLS engines,
 * timers) were in use at one moment, to find those that came later and were not released. Exact while leak detection is at
 * paranoid. Immutable.
 *
 * <p>The count is the whole JVM's: another test that runs at the same time disturbs it.
 */
public final class TrackedResources {
    private final long known;

    private TrackedResources(long known) {
        this.known = known;
    }

    /**
     * Counts now, and begins to count if nothing has before: see {@link LeakReports#install}.
     *
     * @return a snapshot
     */
    public static TrackedResources snapshot() {
        LeakReports.install();
        return new TrackedResources(LeakReports.live());
    }

    /**
     * How many more are in use now than then.
     *
     * @return negative if fewer
     */
    public long left() {
        return LeakReports.live() - known;
    }

    /**
     * Gives resources thirty seconds to be released, and fails if more are in use than at this snapshot.
     *
     * @throws AssertionError with the number
     */
    public void assertNoneLeft() {
        assertNoneLeft(Patience.DEFAULT);
    }

    /**
     * Gives resources some time to be released, and fails if more are in use than at this snapshot.
     *
     * @param patience how long
     * @throws AssertionError with the number
     */
    public void assertNoneLeft(Duration patience) {
        if (!Patience.untilTrue(patience, () -> left() <= 0)) {
            throw new AssertionError("tracked resources in use after " + patience + ": " + left() + " more than "
                    + known + " (expected: none)");
        }
    }
}
