package io.lb4j.discovery;

import io.lb4j.spi.Backoff;
import io.lb4j.spi.Registrar;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registrar that keeps what it has announced: it renews at intervals, on one thread of its own, and announces again what the registry has
 * lost. Thread-safe.
 */
public final class KeptRegistrar implements Registrar {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeptRegistrar.class);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

    private final Registry registry;
    private final ScheduledThreadPoolExecutor executor;
    private final Set<Kept> kept = ConcurrentHashMap.newKeySet();

    /** A registry in which processes can be announced. Methods may block. */
    public interface Registry extends AutoCloseable {
        /** Returns what an announcement comes to there. Nothing is announced yet. */
        Entry entry(Announcement announcement);

        @Override
        void close();
    }

    /** One announcement in a registry. Used by one thread at a time. */
    public interface Entry {
        /**
         * Announces it, in place of what the registry has of it.
         *
         * @throws IOException if the registry cannot be asked, or refuses
         */
        void announce() throws IOException;

        /**
         * Has it go on.
         *
         * @return whether the registry has it still
         * @throws IOException if the registry cannot be asked
         */
        boolean renew() throws IOException;

        /**
         * Withdraws it.
         *
         * @throws IOException if the registry cannot be asked
         */
        void withdraw() throws IOException;

        /** Returns the time between two renewals. */
        Duration interval();
    }

    /**
     * Creates a registrar.
     *
     * @param registry closed with it; its text is what messages call it
     */
    public KeptRegistrar(Registry registry) {
        this.registry = registry;
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "lb4j-registrar");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Registration register(Announcement announcement) throws IOException {
        Kept made = new Kept(announcement, registry.entry(announcement));
        made.announce();
        kept.add(made);
        made.scheduleNext(made.entry.interval());
        return made;
    }

    @Override
    public void close() {
        kept.forEach(Kept::close);
        executor.shutdownNow();
        try {
            executor.awaitTermination(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        registry.close();
    }

    /** What has been announced, until it is withdrawn. Its monitor is held while the registry is asked. */
    private final class Kept implements Registration {
        private final Announcement announcement;
        private final Entry entry;
        private final Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT); // guarded by this
        private boolean isClosed; // guarded by this
        private volatile boolean isInForce; // written under this

        Kept(Announcement announcement, Entry entry) {
            this.announcement = announcement;
            this.entry = entry;
        }

        synchronized void announce() throws IOException {
            entry.announce();
            isInForce = true;
        }

        void scheduleNext(Duration wait) {
            try {
                executor.schedule(this::keep, wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException closing) {
                LOGGER.debug("{} is no longer kept: its registrar is closed", announcement.instance());
            }
        }

        private synchronized void keep() {
            if (isClosed) {
                return;
            }
            Duration wait = entry.interval();
            try {
                if (!entry.renew()) {
                    LOGGER.warn("{} has lost {}, which is announced again", registry, announcement.instance());
                    entry.announce();
                }
                isInForce = true;
                backoff.reset();
            } catch (IOException | RuntimeException e) {
                Duration retry = backoff.next();
                wait = retry.compareTo(wait) < 0 ? retry : wait;
                if (isInForce) {
                    isInForce = false;
                    LOGGER.warn("{} cannot be asked to keep {}: {}", registry, announcement.instance(), e.toString());
                }
            }
            scheduleNext(wait);
        }

        @Override
        public boolean isInForce() {
            return isInForce;
        }

        @Override
        public synchronized void close() {
            if (isClosed) {
                return;
            }
            isClosed = true;
            isInForce = false;
            kept.remove(this);
            try {
                entry.withdraw();
            } catch (IOException | RuntimeException e) {
                LOGGER.warn(
                        "{} cannot be withdrawn from {}, and runs out: {}",
                        announcement.instance(),
                        registry,
                        e.toString());
            }
        }
    }
}
