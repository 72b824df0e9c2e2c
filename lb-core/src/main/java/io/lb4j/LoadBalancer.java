package io.lb4j;

import io.lb4j.model.Configuration;
import io.lb4j.spi.Actions;
import io.lb4j.spi.ConfigSource;
import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.Observer;
import io.lb4j.spi.PastEvent;
import io.lb4j.spi.Registrar;
import io.lb4j.stats.ConfigurationStatistics;
import io.lb4j.stats.Statistics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private static final Logger LOGGER = LoggerFactory.getLogger(LoadBalancer.class);
    private static final int LONGEST_REASON = 16_384; // of what observers are told

    private final List<Observer> observers;
    private final List<ConfigFollower> followers = new CopyOnWriteArrayList<>();
    private final List<Registrar.Registration> registrations = new CopyOnWriteArrayList<>();
    private final AtomicReference<ConfigurationStatistics> configurations =
            new AtomicReference<>(new ConfigurationStatistics(0, 0, Instant.EPOCH, Optional.empty()));
    private volatile Configuration configuration; // written while this is locked, as are the next two
    private volatile @Nullable Engine engine; // there from start to close
    private volatile @Nullable Engine starting; // while it starts
    private volatile boolean closed;

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
     * Starts a balancer that does what a source of configurations says, from its first one on.
     *
     * @param firstWithin how long the first configuration is waited for
     * @param observers hear of what happens
     * @throws IllegalStateException if the source has none that can be used within that time; it is closed then
     * @throws RuntimeException as by {@link #start()}; the source is closed then
     */
    public static LoadBalancer following(ConfigSource source, Duration firstWithin, Observer... observers) {
        return ConfigFollower.start(source, firstWithin, List.of(observers));
    }

    /**
     * Binds every listener and begins to serve. Clusters whose endpoints have to be found are waited for, as long as their discovery's
     * initial wait.
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
        Engine made = Engine.open(configuration.process(), observers, configurations::get);
        starting = made;
        try {
            if (closed) {
                throw new IllegalStateException("balancer: closed (expected: new)");
            }
            made.update(configuration);
        } catch (RuntimeException e) {
            made.close(Duration.ZERO);
            throw e;
        } finally {
            starting = null;
        }
        engine = made;
        applied(made);
        return this;
    }

    /**
     * Puts another configuration in force, all at once. Exchanges under way finish as they began; listeners, clusters and endpoints that
     * both configurations have keep their connections, health and statistics. Clusters that are new are waited for as by {@link #start()}.
     *
     * @throws IllegalStateException if it is not serving
     * @throws RuntimeException as by {@link #start()}; the configuration before stays in force
     */
    public synchronized void update(Configuration next) {
        Engine serving = serving();
        serving.requireForeignThread("update");
        try {
            serving.update(next);
        } catch (RuntimeException e) {
            refused(e);
            throw e;
        }
        configuration = next;
        applied(serving);
    }

    /**
     * Puts each configuration in force that a source has, as it comes; of several that come while one is being put in force, the last. One
     * that is refused, or that the source cannot make out, changes nothing: it is logged, counted and told to observers. The source is
     * watched until the balancer closes, and closed with it.
     *
     * @return this
     * @throws IllegalStateException if it is not serving
     */
    public LoadBalancer follow(ConfigSource source) {
        serving();
        ConfigFollower follower = new ConfigFollower(source);
        followers.add(follower);
        follower.follow(this);
        return this;
    }

    /**
     * Announces this process in a registry, for others to find. When the balancer closes the announcement is withdrawn first, before it
     * stops accepting. May block.
     *
     * @return the registration, to be looked at or withdrawn sooner
     * @throws IllegalStateException if it is not serving
     * @throws IOException if the registry cannot be asked, or refuses
     */
    public Registrar.Registration register(Registrar registrar, Registrar.Announcement announcement)
            throws IOException {
        serving();
        Registrar.Registration registration = registrar.register(announcement);
        registrations.add(registration);
        return registration;
    }

    private void applied(Engine serving) {
        ConfigurationStatistics now = configurations.updateAndGet(before ->
                new ConfigurationStatistics(before.applied() + 1, before.refused(), Instant.now(), Optional.empty()));
        serving.tell(new ControlEvent.ConfigurationApplied(now.applied()));
    }

    /** Notes that a configuration did not come into force. */
    void refused(Throwable reason) {
        String text = String.valueOf(reason.getMessage());
        LOGGER.warn("a configuration is refused, the one before stays in force: {}", text);
        configurations.updateAndGet(before -> new ConfigurationStatistics(
                before.applied(), before.refused() + 1, before.lastApplied(), Optional.of(text)));
        Engine serving = engine;
        if (serving != null) {
            serving.tell(new ControlEvent.ConfigurationRefused(shortened(text)));
        }
    }

    /** A hundred events are remembered, and a fault on every line of a large configuration makes megabytes. */
    private static String shortened(String reason) {
        int more = reason.length() - LONGEST_REASON;
        return more <= 0 ? reason : reason.substring(0, LONGEST_REASON) + "… and " + more + " characters more";
    }

    void adopt(ConfigFollower follower) {
        followers.add(follower);
    }

    /** Returns the configuration in force. */
    public Configuration configuration() {
        return configuration;
    }

    /**
     * Returns where a listener listens; the port is the one that the system chose where it was left to the system.
     *
     * @throws IllegalStateException if it is not serving
     * @throws IllegalArgumentException if there is no listener of this name
     */
    public InetSocketAddress address(String listener) {
        return serving().address(listener);
    }

    /**
     * Returns the port of the first listener.
     *
     * @throws IllegalStateException if it is not serving
     */
    public int port() {
        return serving().address(configuration.listeners().get(0).name()).getPort();
    }

    /**
     * Returns what it has done so far.
     *
     * @throws IllegalStateException if it is not serving
     */
    public Statistics stats() {
        return serving().statistics(configurations.get());
    }

    /**
     * Returns what went wrong lately, and what is well again: of the events that observers hear of the last 100 that are not of the usual run of things, the earliest first.
     *
     * @throws IllegalStateException if it is not serving
     */
    public List<PastEvent> recentFaults() {
        return serving().recentFaults();
    }

    /**
     * Returns what an operator may do to endpoints.
     *
     * @throws IllegalStateException if it is not serving
     */
    public Actions actions() {
        return serving().actions();
    }

    /**
     * Stops accepting, says goodbye to clients, lets exchanges finish within the drain timeout, and closes what is left. Returns when every
     * thread, socket and buffer that it made is gone. A start or an update under way that waits for endpoints fails. Idempotent; whoever calls it
     * while another closes waits for the same end.
     *
     * @throws IllegalStateException if it is called on a thread of the balancer's own, for which it would have to wait
     */
    @Override
    public void close() {
        for (Engine present : Arrays.asList(engine, starting)) {
            if (present != null) {
                present.requireForeignThread("close");
            }
        }
        closed = true;
        // Not while this is locked: a start or an update under way has to come to its end first.
        for (Engine present : Arrays.asList(engine, starting)) {
            if (present != null) {
                present.abandon();
            }
        }
        followers.forEach(ConfigFollower::close);
        registrations.forEach(LoadBalancer::withdraw);
        registrations.clear();
        synchronized (this) {
            Engine serving = engine;
            if (serving != null) {
                serving.close(configuration.process().drainTimeout());
                engine = null;
            }
        }
    }

    private static void withdraw(Registrar.Registration registration) {
        try {
            registration.close();
        } catch (RuntimeException e) {
            LOGGER.warn("{} could not be withdrawn; it runs out", registration, e);
        }
    }

    private Engine serving() {
        Engine serving = engine;
        if (serving == null) {
            throw new IllegalStateException(
                    "balancer: " + (closed ? "closed" : "not started") + " (expected: serving)");
        }
        return serving;
    }
}
