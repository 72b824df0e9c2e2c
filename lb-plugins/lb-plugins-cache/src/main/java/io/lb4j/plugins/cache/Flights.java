package io.lb4j.plugins.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which responses are being fetched, so that others who want the same wait for them and do not ask for it too. Thread-safe; nobody is blocked:
 * who waits is told.
 */
final class Flights {
    private static final Duration UNSHARED = Duration.ofMinutes(1);
    private static final int MAX_UNSHARED = 16_384;

    private final ConcurrentHashMap<String, Flight> open = new ConcurrentHashMap<>();
    private final Cache<String, Boolean> unshared;

    Flights(CacheTime time) {
        unshared = Caffeine.newBuilder()
                .maximumSize(MAX_UNSHARED)
                .expireAfterWrite(UNSHARED)
                .ticker(time::nanos)
                .executor(Runnable::run)
                .build();
    }

    /** One fetch. Thread-safe. */
    final class Flight {
        private final String key;
        private final List<Runnable> waiting = new ArrayList<>(); // guarded by this
        private boolean over; // guarded by this

        private Flight(String key) {
            this.key = key;
        }

        /**
         * Waits for the fetch.
         *
         * @param told called once when it is over, on the thread that ends it
         * @return false if it is over already
         */
        synchronized boolean await(Runnable told) {
            if (!over) {
                waiting.add(told);
            }
            return !over;
        }

        /** The fetch is over, well or not. Idempotent. */
        void land() {
            open.remove(key, this);
            List<Runnable> told;
            synchronized (this) {
                over = true;
                told = List.copyOf(waiting);
                waiting.clear();
            }
            told.forEach(Runnable::run);
        }

        /** The fetch has brought what is for one client only: for a while nobody waits for it. */
        void landUnshared() {
            unshared.put(key, true);
            land();
        }

        /** The fetch has brought what is for all. */
        void landShared() {
            unshared.invalidate(key);
            land();
        }
    }

    /** Returns whether what the key has is for one client only, as far as is known. */
    boolean isUnshared(String key) {
        return unshared.getIfPresent(key) != null;
    }

    /** Returns the fetch of a key that is under way; without one the caller leads it. */
    Joined join(String key) {
        Flight mine = new Flight(key);
        Flight present = open.putIfAbsent(key, mine);
        return present == null ? new Joined(mine, true) : new Joined(present, false);
    }

    /** Returns the fetch of a key that is under way. */
    Optional<Joined> follow(String key) {
        return Optional.ofNullable(open.get(key)).map(present -> new Joined(present, false));
    }

    /**
     * A fetch, and whether the caller leads it.
     *
     * @param flight the caller's to {@linkplain Flight#land() land} if it leads
     * @param leads whether it does
     */
    record Joined(Flight flight, boolean leads) {}
}
