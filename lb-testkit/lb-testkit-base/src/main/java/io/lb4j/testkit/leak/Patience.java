package io.lb4j.testkit.leak;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Asks again and again: for what nobody announces, such as the end of a thread. */
final class Patience {
    static final Duration DEFAULT = Duration.ofSeconds(30);
    private static final long STEP_NANOS = 5_000_000;

    private Patience() {}

    static boolean untilTrue(Duration patience, BooleanSupplier claim) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean isTrue = claim.getAsBoolean();
        while (!isTrue && System.nanoTime() < deadline) {
            LockSupport.parkNanos(STEP_NANOS);
            isTrue = claim.getAsBoolean();
        }
        return isTrue;
    }
}
