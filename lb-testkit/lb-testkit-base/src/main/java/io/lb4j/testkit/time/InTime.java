package io.lb4j.testkit.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Says that something takes no longer than it may, on a machine that may stand still meanwhile: it is tried up to three times, and has to be in
 * time once. Who is late by himself is late each time.
 *
 * <pre>{@code
 * InTime.within(Duration.ofSeconds(3), attempt -> InTime.timeOf(() -> balancer.close()));
 * }</pre>
 */
public final class InTime {
    private static final int ATTEMPTS = 3;

    private InTime() {}

    /**
     * Tries until one attempt was in time.
     *
     * @param limit that it may take
     * @param attempt is given its number, from 0, and returns how long it took; what it throws ends all
     * @return the time of the attempt that was in time
     * @throws AssertionError with the times of all, if none was in time
     */
    public static Duration within(Duration limit, IntFunction<Duration> attempt) {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < ATTEMPTS; i++) {
            Duration time = attempt.apply(i);
            if (time.compareTo(limit) <= 0) {
                return time;
            }
            times.add(time);
        }
        throw new AssertionError("it took " + times + " (expected: once <= " + limit + ")");
    }

    /**
     * Measures.
     *
     * @param work run once, on this thread
     * @return how long it took
     */
    public static Duration timeOf(Runnable work) {
        long beganNanos = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }
}
