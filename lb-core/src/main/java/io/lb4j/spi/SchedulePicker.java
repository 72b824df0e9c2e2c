package io.lb4j.spi;

import io.lb4j.exchange.Exchange;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Goes through a schedule over and over. The event loops share one position, so that together they keep to it exactly, whichever of
 * them picks. Thread-safe, without a lock and without trying again.
 */
final class SchedulePicker implements BalancePolicy.Picker {
    private final int[] schedule;
    private final AtomicLong position;

    /** @param start where to begin, at least 0 */
    SchedulePicker(int[] schedule, long start) {
        this.schedule = schedule;
        position = new AtomicLong(start);
    }

    /** Returns the schedule that names each of so many candidates once. */
    static int[] inTurn(int candidates) {
        int[] schedule = new int[candidates];
        for (int i = 0; i < candidates; i++) {
            schedule[i] = i;
        }
        return schedule;
    }

    /**
     * Returns one cycle of nginx's smooth weighted round robin: in each step every candidate gains its weight, and the richest is
     * taken and pays the sum of all weights. Each appears as often as its weight says, as evenly spread as whole steps allow.
     *
     * @param shares the weights, of which the sum is the length of the cycle; not negative
     */
    static int[] smooth(int[] shares, int sum) {
        int[] schedule = new int[sum];
        int[] credit = new int[shares.length];
        for (int step = 0; step < sum; step++) {
            int richest = 0;
            for (int i = 0; i < shares.length; i++) {
                credit[i] += shares[i];
                if (credit[i] > credit[richest]) {
                    richest = i;
                }
            }
            credit[richest] -= sum;
            schedule[step] = richest;
        }
        return schedule;
    }

    @Override
    public int pick(Exchange exchange) {
        return schedule[(int) (position.getAndIncrement() % schedule.length)];
    }
}
