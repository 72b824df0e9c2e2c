package io.lb4j;

/** Gives tests of other packages a builder. */
public final class Builders {
    private Builders() {}

    /** Returns an empty builder. */
    public static LoadBalancerBuilder balancer() {
        return new LoadBalancerBuilder();
    }
}
