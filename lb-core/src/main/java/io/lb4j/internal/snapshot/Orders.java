package io.lb4j.internal.snapshot;

import java.util.OptionalInt;

/**
 * What an operator has ordered for one endpoint. It holds until the operator takes it back, whatever health and discovery say.
 * Immutable.
 *
 * @param isDraining whether it gets no new requests and its connections are let go
 * @param isEjected whether it gets no new requests
 * @param weight the weight in place of the configured one, 0 to 1,000,000
 */
public record Orders(boolean isDraining, boolean isEjected, OptionalInt weight) {
    /** No orders. */
    public static final Orders NONE = new Orders(false, false, OptionalInt.empty());

    private static final int MAX_WEIGHT = 1_000_000;

    /**
     * Checks what it is given.
     *
     * @throws IllegalArgumentException if the weight is out of range
     */
    public Orders {
        int given = weight.orElse(0);
        if (given < 0 || given > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight: " + given + " (expected: 0.." + MAX_WEIGHT + ")");
        }
    }

    /** Returns the same orders, with or without draining. */
    public Orders withDraining(boolean draining) {
        return new Orders(draining, isEjected, weight);
    }

    /** Returns the same orders, with or without ejection. */
    public Orders withEjected(boolean ejected) {
        return new Orders(isDraining, ejected, weight);
    }

    /**
     * Returns the same orders with another weight, or with the configured one.
     *
     * @throws IllegalArgumentException if the weight is out of range
     */
    public Orders withWeight(OptionalInt newWeight) {
        return new Orders(isDraining, isEjected, newWeight);
    }
}
