package io.lb4j.server.life;

import io.lb4j.LoadBalancer;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.server.config.ServerConfiguration;
import io.lb4j.spi.ConfigSource;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts configurations in force, one after the other whoever brings them, and keeps those that were: the last {@link #KEPT} of them. What is refused changes
 * nothing. Thread-safe; methods that put something in force may block for as long as {@link LoadBalancer#update} does.
 */
public final class ConfigurationControl {
    /** How many versions are kept. */
    public static final int KEPT = 50;

    private static final Logger LOGGER = LoggerFactory.getLogger(ConfigurationControl.class);

    private final LoadBalancer balancer;
    private final RestOfProcess rest;
    private final Clock clock;
    private final Deque<AppliedVersion> versions = new ArrayDeque<>(); // guarded by this, the present one last
    private final UnreadSource unread = new UnreadSource();
    private volatile @Nullable Refusal lastRefusal; // written while this is locked

    /**
     * Takes a balancer over that serves.
     *
     * @param serving what it serves by
     * @param rest of the process, which goes by each configuration that the balancer takes
     */
    public ConfigurationControl(LoadBalancer balancer, ServerConfiguration serving, RestOfProcess rest, Clock clock) {
        this.balancer = balancer;
        this.rest = rest;
        this.clock = clock;
        versions.add(new AppliedVersion(1, clock.instant(), "start", serving));
        balancer.follow(unread);
    }

    /** Tells the balancer what could not be read, so that it counts and its observers hear of it. */
    private static final class UnreadSource implements ConfigSource {
        private volatile @Nullable Listener listener; // once it is watched

        @Override
        public void watch(Listener balancer) {
            listener = balancer;
        }

        void tell(RuntimeException reason) {
            Listener told = listener;
            if (told != null) {
                told.onError(reason);
            }
        }

        @Override
        public void close() {
            listener = null;
        }
    }

    /**
     * Notes that there is no configuration to put in force, because of faults; those of the last refusal are not told twice.
     *
     * @param cause what brought it, for the history
     */
    public synchronized Outcome refuse(List<Fault> faults, String cause) {
        Refusal before = lastRefusal;
        if (before != null && before.faults().equals(faults)) {
            return new Outcome.Refused(before);
        }
        ConfigurationException reason = new ConfigurationException(faults);
        unread.tell(reason);
        return refused(cause, reason);
    }

    /**
     * Puts a version in force that was in force before.
     *
     * @return empty if it is not kept any longer, or never was
     */
    public synchronized Optional<Outcome> rollBack(long number) {
        return version(number).map(version -> apply(version.configuration(), "rollback to " + number));
    }

    /**
     * Puts a configuration in force, unless it is.
     *
     * @param cause what brought it, for the history
     */
    public synchronized Outcome apply(ServerConfiguration next, String cause) {
        AppliedVersion present = present();
        if (next.equals(present.configuration())) {
            lastRefusal = null;
            return new Outcome.Unchanged(present);
        }
        RestOfProcess.Prepared prepared;
        try {
            prepared = rest.prepare(next);
        } catch (RuntimeException e) {
            unread.tell(e);
            return refused(cause, e);
        }
        try {
            if (!next.balancer().equals(present.configuration().balancer())) {
                balancer.update(next.balancer());
            }
        } catch (RuntimeException e) {
            prepared.discard();
            return refused(cause, e);
        }
        prepared.commit();
        AppliedVersion version = new AppliedVersion(present.number() + 1, clock.instant(), cause, next);
        versions.add(version);
        while (versions.size() > KEPT) {
            versions.remove();
        }
        lastRefusal = null;
        LOGGER.info("configuration {} is in force ({})", version.number(), cause);
        return new Outcome.Applied(version);
    }

    private Outcome refused(String cause, RuntimeException reason) {
        List<Fault> faults = reason instanceof ConfigurationException e ? e.faults() : List.of();
        String message = reason.getMessage() == null ? reason.toString() : reason.getMessage();
        Refusal refusal = new Refusal(clock.instant(), cause, message, faults);
        lastRefusal = refusal;
        return new Outcome.Refused(refusal);
    }

    /** Returns the version in force. */
    public synchronized AppliedVersion present() {
        return versions.getLast();
    }

    /** Returns those that are kept, the present one last. */
    public synchronized List<AppliedVersion> versions() {
        return List.copyOf(versions);
    }

    /** Returns a version that is kept. */
    public synchronized Optional<AppliedVersion> version(long number) {
        return versions.stream().filter(version -> version.number() == number).findFirst();
    }

    /** Returns why the last configuration was refused, unless another has been put in force since, or what is there says what is in force. */
    public Optional<Refusal> lastRefusal() {
        return Optional.ofNullable(lastRefusal);
    }
}
