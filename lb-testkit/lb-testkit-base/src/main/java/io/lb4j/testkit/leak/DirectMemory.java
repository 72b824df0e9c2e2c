package io.lb4j.testkit.leak;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * The memory outside the heap at one moment. Immutable.
 *
 * <p>Pools keep their chunks after every buffer has been released, so this is for slopes and bounds. Whether buffers are
 * in use tells {@link TrackedResources}.
 *
 * @param nettyBytes what Netty counts itself, pools and unpooled buffers alike; 0 where it leaves counting to the JDK
 * @param jdkBytes what the JDK counts in its {@code direct} buffer pool
 */
public record DirectMemory(long nettyBytes, long jdkBytes) {
    /**
     * Reads all counters now.
     *
     * @return a snapshot
     */
    public static DirectMemory now() {
        long jdk = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return new DirectMemory(Math.max(0, PlatformDependent.usedDirectMemory()), jdk);
    }

    /**
     * What the process holds outside the heap for direct buffers. Netty's and the JDK's count overlap where Netty
     * allocates through the JDK, so the larger one is taken.
     *
     * @return in bytes
     */
    public long reservedBytes() {
        return Math.max(nettyBytes, jdkBytes);
    }

    /**
     * Gives memory some time to be freed, and fails if more is reserved than at this snapshot.
     *
     * @param toleranceBytes how much more is accepted: chunks that pools keep
     * @param patience how long
     * @throws AssertionError with both snapshots
     */
    public void assertNoGrowth(long toleranceBytes, Duration patience) {
        if (!Patience.untilTrue(patience, () -> now().reservedBytes() - reservedBytes() <= toleranceBytes)) {
            throw new AssertionError("direct memory: " + now() + " (expected: at most " + toleranceBytes
                    + " bytes more than " + this + ")");
        }
    }
}
