package io.lb4j.plugins.limit;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A window that slides in steps of a tenth: what lies within it, wholly or in part, counts. So there are never more requests than the limit in any
 * time of the window's length; whoever uses the limit up waits a tenth longer at most. Thread-safe.
 */
final class SlidingWindow implements Meter {
    private static final int STEPS = 10;

    private final long stepNanos;
    private final int limit;
    private final AtomicReference<Counts> counts = new AtomicReference<>(new Counts(0, new int[STEPS + 1]));

    /** Counts of steps, of which the last is the present one. Immutable. */
    private static final class Counts {
        private final long step;
        private final int[] byStep;
        private final int sum;

        Counts(long step, int[] byStep) {
            this.step = step;
            this.byStep = byStep;
            this.sum = Arrays.stream(byStep).sum();
        }

        Counts movedTo(long present) {
            if (present == step) {
                return this;
            }
            int[] moved = new int[byStep.length];
            long by = present - step;
            if (by > 0 && by < byStep.length) {
                System.arraycopy(byStep, (int) by, moved, 0, byStep.length - (int) by);
            }
            return new Counts(present, moved);
        }

        Counts andOne() {
            int[] more = byStep.clone();
            more[more.length - 1]++;
            return new Counts(step, more);
        }

        /** Returns after how many steps no more than so many count. */
        int stepsUntil(int most) {
            int left = sum;
            int steps = 0;
            while (left > most) {
                left -= byStep[steps++];
            }
            return steps;
        }
    }

    SlidingWindow(Quota quota) {
        stepNanos = Math.max(1, quota.window().toNanos() / STEPS);
        limit = quota.requests();
    }

    @Override
    public Limiter.Decision take(long nowNanos) {
        while (true) {
            Counts known = counts.get();
            Counts present = known.movedTo(Math.floorDiv(nowNanos, stepNanos));
            if (present.sum >= limit) {
                return new Limiter.Decision(false, 0, until(present, 0, nowNanos), until(present, limit - 1, nowNanos));
            }
            Counts next = present.andOne();
            if (counts.compareAndSet(known, next)) {
                return new Limiter.Decision(true, limit - next.sum, until(next, 0, nowNanos), 0);
            }
        }
    }

    private long until(Counts present, int most, long nowNanos) {
        int steps = present.stepsUntil(most);
        return steps == 0 ? 0 : steps * stepNanos - Math.floorMod(nowNanos, stepNanos);
    }

    @Override
    public long usedForNanos(long nowNanos) {
        return until(counts.get().movedTo(Math.floorDiv(nowNanos, stepNanos)), 0, nowNanos);
    }
}
