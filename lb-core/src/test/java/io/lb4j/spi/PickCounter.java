package io.lb4j.spi;

import io.lb4j.exchange.UnreadExchange;

/** Picks often and counts. */
final class PickCounter {
    private PickCounter() {}

    static int[] count(BalancePolicy.Picker picker, int candidates, int picks) {
        int[] counts = new int[candidates];
        for (int i = 0; i < picks; i++) {
            counts[picker.pick(UnreadExchange.INSTANCE)]++;
        }
        return counts;
    }
}
