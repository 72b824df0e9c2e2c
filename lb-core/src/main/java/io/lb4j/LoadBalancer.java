package io.lb4j;

import io.lb4j.model.Configuration;
import io.lb4j.spi.Actions;
import io.lb4j.spi.Observer;
import io.lb4j.stats.Statistics;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A load balancer inside this process: it listens, picks a healthy endpoint for each request and forwards. Made by {@link #builder()},
 * started by {@link #start()}, changed while it serves by {@link #update}, ended by {@link #close()}. Thread-safe; no method may be
 * called on one of its own event loops.
 *
 * <pre>{@code
 * try (LoadBalancer lb = LoadBalancer.builder()
 *         .listener(l -> l.port(8080))
 *         .cluster("api", c -> c.endpoint("127.0.0.1", 9001).endpoint("127.0.0.1", 9002))
 *         .route(r -> r.path("/**").to("api"))
 *         .start()) {
 *     // serves until it is closed
 * }
 * }</pre>
 */
public final class LoadBalancer implements AutoCloseable {
    private final List<Observer> observers;
    private Configuration configuration; // guarded by this
    private @Nullable Engine engine; // guarded by this; there from start to close
    private boolean closed; // guarded by this

    LoadBalancer(Configuration configuration, List<Observer> observers) {
        this.configuration = configuration;
        this.observers = List.copyOf(observers);
    }

    /** Begins to say what a balancer is to do. */
    public static LoadBalancerBuilder builder() {
        return new LoadBalancerBuilder();
    }

    /** Returns a balancer that does what a configuration says, once it is started. */
    public static LoadBalancer of(Configuration configuration) {
        return new LoadBalancer(configuration, List.of());
    }

    /**
     * Binds every listener and begins to serve.
     *
     * @return this
     * @throws IllegalStateException if it was started or closed before, or the class path holds a mixed set of Netty
     * @throws java.io.UncheckedIOException if a listener cannot be bound, or a file that the configuration names cannot be read; nothing
     *     is left running
     */
    public synchronized LoadBalancer start() {
        if (closed || engine != null) {
            throw new IllegalStateException("balancer: " + (closed ? "closed" : "started") + " (expected: new)");
        }
        engine = Engine.start(configuration, observers);
        return this;
    }

    /**
     * Puts another configuration in force, all at once. Exchanges under way finish as they began; listeners, clusters and endpoints that
     * both configurations have keep their connections, health and statistics.
     *
     * @throws IllegalStateException if it is not serving
     * @throws RuntimeException as by {@link #start()}; the configuration before stays in force
     */
    public synchronized void update(Configuration next) {
        serving().update(configuration, next);
        configuration = next;
    }

    /** Returns the configuration in force. */
    public synchronized Configuration configuration() {
        return configuration;
    }

    /**
     * Returns where a listener listens; the port is the one that the system chose where it was left to the system.
     *
     * @throws IllegalStateException if it is not serving
     * @throws IllegalArgumentException if there is no listener of this name
     */
    public synchronized InetSocketAddress address(String listener) {
        return serving().address(listener);
    }

    /**
     * Returns the port of the first listener.
     *
     * @throws IllegalStateException if it is not serving
     */
    public synchronized int port() {
        return serving().address(configuration.listeners().get(0).name()).getPort();
    }

    /**
     * Returns what it has done so far.
     *
     * @throws IllegalStateException if it is not serving
     */
    public synchronized Statistics stats() {
        return serving().statistics();
    }

    /**
     * Returns what an operator may do to endpoints.
     *
     * @throws IllegalStateException if it is not serving
     */
    public synchronized Actions actions() {
        return serving().actions();
    }

    /**
     * Stops accepting, says goodbye to clients, lets exchanges finish within the drain timeout, and closes what is left. Returns when every
     * thread, socket and buffer that it made is gone. Idempotent.
     */
    @Override
    public synchronized void close() {
        closed = true;
        if (engine != null) {
            engine.close(configuration.process().drainTimeout());
            engine = null;
        }
    }

    private Engine serving() {
        if (engine == null) {
            throw new IllegalStateException(
                    "balancer: " + (closed ? "closed" : "not started") + " (expected: serving)");
        }
        return engine;
    }
}
