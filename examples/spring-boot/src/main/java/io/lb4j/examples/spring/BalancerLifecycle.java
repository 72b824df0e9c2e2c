package io.lb4j.examples.spring;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * A balancer as part of Spring's life: in the last phase, so that it opens when everything else is there, and is the first to close; then it lets
 * requests under way be finished, for as long as its drain timeout says. A context that is stopped and started again has another balancer.
 *
 * <p>Thread-safe.
 */
final class BalancerLifecycle implements SmartLifecycle {
    private final LoadBalancerBuilder description;
    private volatile @Nullable LoadBalancer balancer; // written by start and stop, which Spring calls in turn

    BalancerLifecycle(LoadBalancerBuilder description) {
        this.description = description;
    }

    /** What this throws, a port that is taken for one, keeps the application from starting. */
    @Override
    public void start() {
        balancer = description.start();
    }

    @Override
    public void stop() {
        LoadBalancer open = balancer;
        if (open != null) {
            open.close();
            balancer = null;
        }
    }

    @Override
    public boolean isRunning() {
        return balancer != null;
    }

    /**
     * Returns the balancer, for beans that look at its statistics or change its configuration.
     *
     * @throws IllegalStateException if it does not serve
     */
    LoadBalancer balancer() {
        LoadBalancer open = balancer;
        if (open == null) {
            throw new IllegalStateException("balancer: not running (expected: a context that has started)");
        }
        return open;
    }
}
